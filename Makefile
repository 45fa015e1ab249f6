# make build   the main job: both cards from text to a verified catalogue in build/
# make test    all tests
# make bench   the table of figures
# make zoo     every family of mindcv through the converter, and 10,000 damaged files; what passed before is kept
# make messages  bring new texts of the pages into the catalogues for translators
# make shots   pictures of the pages, into build/shots/
# make serve   show the catalogue of the last build
# The system's own Python first, where it can make environments: distributions build theirs with profile-guided
# optimisation, others are often built without, and then all that hubkit does takes a fifth longer.
PYTHON ?= $(shell /usr/bin/python3.11 -c 'import ensurepip, venv' 2>/dev/null && echo /usr/bin/python3.11 || command -v python3.11 || echo python3)
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --constraint .ci/constraints.txt

.PHONY: build test bench zoo messages shots serve clean

build: $(VENV)/.convert
	$(BIN)/hubkit build cards --out build

test: $(VENV)/.test
	$(BIN)/python -m pytest -m 'not alone' --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
	$(BIN)/python -m pytest -m alone

bench: $(VENV)/.test
	@$(BIN)/python -m compileall -q hubkit
	$(BIN)/python -m tests.bench

messages: $(VENV)/.test
	$(BIN)/python -m tests.site.messages

zoo: $(VENV)/.test
	$(BIN)/python -m tests.fuzz
	$(BIN)/python -m tests.zoo

shots: build $(VENV)/.test
	$(BIN)/python -m tests.site.shots

serve: build
	$(BIN)/hubkit site serve build/site

clean:
	rm -rf build dist $(VENV)

$(BIN)/python:
	.ci/system-packages $(PYTHON)
	$(PYTHON) -m venv $(VENV)

$(VENV)/.convert: pyproject.toml .ci/constraints.txt | $(BIN)/python
	@echo "Installing hubkit and the converter (MindSpore alone is 800 MB)"
	$(INSTALL) --editable '.[convert]'
	@$(BIN)/python -m compileall -q hubkit  # as pip does with what it copies
	@touch $@

$(VENV)/.test: $(VENV)/.convert
	@echo "Installing what the tests need"
	$(INSTALL) --editable '.[convert,test]'
	@touch $@
