"""The rules on the body of a card: where they find something, and what they say."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings

from hubkit.card.parse import parse_text
from hubkit.lint.diagnostic import Severity
from hubkit.lint.rule import Category, Context
from hubkit.lint.rules import RULES
from hubkit.settings import DEFAULT_SECTIONS, Settings
from tests.card.bodies import BODIES
from tests.lint.calls import GOOD, PATH, card, findings, fixed, shown

ABSENCES = ("title", "required-sections", "citation")


def with_body(text: str) -> str:
    """A good card with ``text`` at the end of its body."""
    return GOOD + f"\n{text}\n"


# title


def test_a_card_without_a_title_is_found_at_its_first_line() -> None:
    (found,) = findings("title", card(("# u2net\n\n---\n", "---\n")))
    assert (found.line, found.message) == (1, "the card has no title")
    assert found.hint == "Begin the card with a line # u2net"


def test_a_second_title_is_found() -> None:
    found = findings("title", with_body("# More of it #"))
    assert shown(found) == ["More of it: a second title 'More of it': the card's title is 'u2net'"]
    assert found[0].hint == "Make it a heading of level 2: ##."


def test_two_titles_before_the_front_matter_are_found() -> None:
    found = findings("title", card(("# u2net\n\n---\n", "# u2net\n# U2-Net\n---\n")))
    assert [(one.line, one.column) for one in found] == [(2, 3)]


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        card(("# u2net\n\n---\n", "---\n"), ("## Introduction", "# u2net\n\n## Introduction")),
        card(("# u2net\n\n---\n", "---\n"), ("## Introduction", "u2net\n=====\n\n## Introduction")),
        card(("# u2net\n\n---\n", "<!-- note -->\n# u2net\n\n---\n")),
        with_body("```bash\n# a comment\n```"),
    ],
)
def test_one_title_is_fine(text: str) -> None:
    assert findings("title", text) == []


# title-name


@pytest.mark.parametrize("title", ["U2-Net", "U²-Net", "u2net for saliency", "u2", "???", "U2Net (DUTS)"])
def test_a_title_that_names_the_model_is_fine(title: str) -> None:
    assert findings("title-name", card(("# u2net", f"# {title}"))) == []


def test_the_order_of_the_words_is_free() -> None:
    text = card(("# u2net", "# Net by U2"), ("model-name: u2net", "model-name: u2_net_by"))
    assert findings("title-name", text, path="/hub/mindspore/1.9/u2netby_dutstr.md") == []


def test_a_plus_is_a_plus() -> None:
    text = card(("# u2net", "# UNet3plus"), ("model-name: u2net", "model-name: UNet3+"))
    assert findings("title-name", text, path="/hub/mindspore/1.9/unet3plus_dutstr.md") == []


def test_a_title_that_names_another_model_is_found() -> None:
    found = findings("title-name", card(("# u2net", "# unet3plus")))
    assert shown(found) == ["unet3plus: the title is 'unet3plus', but model-name is 'u2net'"]
    assert found[0].line == 1


def test_a_title_in_the_body_counts_too() -> None:
    found = findings("title-name", card(("# u2net\n\n---\n", "---\n"), ("## Introduction", "# VGG")))
    assert shown(found) == ["VGG: the title is 'VGG', but model-name is 'u2net'"]


def test_a_name_that_the_file_does_not_have_either_is_left_to_file_name() -> None:
    text = card(("model-name: u2net", "model-name: u3net"))
    assert findings("title-name", text) == []
    assert len(findings("file-name", text)) == 1


# required-sections


def test_a_missing_section_is_found_at_the_first_line() -> None:
    (found,) = findings("required-sections", GOOD)
    assert (found.line, found.message) == (1, "the card has no section Disclaimer")
    assert found.hint.startswith("Add a heading ## Disclaimer (Terms, License, ")
    assert found.severity is Severity.WARNING


@pytest.mark.parametrize(
    "heading",
    ["## Disclaimer", "### TERMS of use", "## 3. Disclaimer", "Disclaimer\n---", "## 免责声明", "## **Terms**"],
)
def test_a_section_counts_by_its_heading(heading: str) -> None:
    assert findings("required-sections", with_body(heading)) == []


@pytest.mark.parametrize("heading", ["## Disclaimers", "Disclaimer", "## No disclaimer", "```text\n## Disclaimer\n```"])
def test_other_words_are_no_section(heading: str) -> None:
    assert len(findings("required-sections", with_body(heading))) == 1


def test_a_hub_sets_its_own_sections() -> None:
    settings = Settings(required_sections=("Introduction", "Training data|Data", "How to cite"))
    found = findings("required-sections", with_body("## Data"), settings=settings)
    assert [(one.message, one.hint) for one in found] == [
        ("the card has no section How to cite", "Add a heading ## How to cite.")
    ]
    assert findings("required-sections", GOOD, settings=Settings(required_sections=())) == []


def test_the_default_sections_are_what_the_manual_says() -> None:
    assert [section.split("|")[0] for section in DEFAULT_SECTIONS] == ["Introduction", "Disclaimer"]


# citation


def test_a_card_that_cites_nothing_is_found() -> None:
    (found,) = findings("citation", GOOD)
    assert (found.line, found.message) == (1, "the card cites no publication")
    assert found.severity is Severity.INFO


@pytest.mark.parametrize(
    "text",
    [
        "## Citation",
        "### References",
        "## 3. How to cite",
        "## 参考论文",
        "See [it](https://arxiv.org/abs/2005.09007).",
        "https://doi.org/10.1000/182",
        "[it](https://openaccess.thecvf.com/content/x.html)",
        "[it](http://www.aclweb.org/anthology/x)",
        "```bibtex\n@inproceedings{qin,\n}\n```",
    ],
)
def test_a_citation_in_any_form_is_fine(text: str) -> None:
    assert findings("citation", with_body(text)) == []


@pytest.mark.parametrize(
    "text", ["[it](https://notarxiv.org/abs/1)", "[it](https://a.example/arxiv.org/x)", "## Citing-free"]
)
def test_what_only_looks_like_a_citation_is_none(text: str) -> None:
    expected = 0 if text.startswith("##") else 1
    assert len(findings("citation", with_body(text))) == expected


@pytest.mark.parametrize("rule", ABSENCES)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "no front matter\n",
        "---\nmodel-name: a\n",
        "---\na: b\n---\n```python\nx\n",
        "---\na: b\n---\n" + "[" * 20_000,
    ],
)
def test_nothing_is_missing_from_a_body_that_was_not_found_or_not_read(rule: str, text: str) -> None:
    assert findings(rule, text) == []


@pytest.mark.parametrize("rule", ABSENCES)
def test_front_matter_that_does_not_parse_hides_no_body(rule: str) -> None:
    text = "---\na: [\n---\nwords\n"
    assert len(findings(rule, text)) == (2 if rule == "required-sections" else 1)


# heading-levels


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("#### Training", "Training: the heading is of level 4, but the one before it is of level 2"),
        ("### A\n\n##### B ##", "B: the heading is of level 5, but the one before it is of level 3"),
    ],
)
def test_a_level_that_is_left_out_is_found(text: str, said: str) -> None:
    found = findings("heading-levels", with_body(text))
    assert shown(found) == [said]
    assert found[0].hint == f"Write {'###' if 'Training' in text else '####'} before its words."


def test_the_first_heading_follows_the_title() -> None:
    found = findings("heading-levels", card(("## Introduction", "### Introduction")))
    assert shown(found) == ["Introduction: the heading is of level 3, but the one before it is of level 1"]


def test_going_up_is_fine() -> None:
    assert findings("heading-levels", with_body("### A\n\n#### B\n\n## C\n\n### D\n\n### E")) == []


# code-language, unclosed-fence


@pytest.mark.parametrize("fence", ["```", "~~~", "````", "  ```"])
def test_code_without_a_language_is_found(fence: str) -> None:
    (found,) = findings("code-language", with_body(f"{fence}\nx\n{fence}"))
    assert found.source_line == fence
    assert (found.column, found.end_column) == (len(fence) - len(fence.strip()) + 1, len(fence) + 1)
    assert found.message == "the block of code does not say its language"


@pytest.mark.parametrize("text", ["```text\nx\n```", "``` python title=a\nx\n```", "    indented", "`code`"])
def test_code_with_a_language_is_fine(text: str) -> None:
    assert findings("code-language", with_body(text)) == []
    assert findings("unclosed-fence", with_body(text)) == []


@pytest.mark.parametrize("text", ["```python\nx", "~~~text\n```\n\n## Disclaimer", "````text\n```"])
def test_code_that_is_never_closed_is_found(text: str) -> None:
    (found,) = findings("unclosed-fence", with_body(text))
    assert found.source_line == text.split("\n")[0]
    assert found.message == "the block of code is never closed: all that follows is shown as code"
    assert found.hint == f"Write {text[:3]} on a line of its own after the code."
    assert found.severity is Severity.ERROR


# python-snippet


@pytest.mark.parametrize(
    "code",
    [
        "import a\n\n\ndef f(x: int) -> None:\n    ...",
        "    model = load()\n    run(model)",
        "!pip install hubkit\n%matplotlib inline\nimport a",
        ">>> a = 1\n>>> a\n1\n>>> for b in a:\n...     print(b)\n...\n2 3",
        'pattern = "\\d"',
        "return 1",
        "await f()",
        'a = """\n"b" c\n"""',
        "a = 'it\"s'",
        "# 中文\nname = '模型'",
        "",
    ],
)
def test_python_that_parses_is_fine(code: str) -> None:
    assert findings("python-snippet", with_body(f"```python\n{code}\n```")) == []


@pytest.mark.parametrize(
    ("code", "line", "column", "words"),
    [
        ('model = load("mindspore/1.9/u2net"\nrun(model)', 1, 13, "'(' was never closed"),
        ("import a\nx = = 1", 2, 5, "invalid syntax"),
        ("    import a\n    x = = 1", 2, 9, "invalid syntax"),
        ("print 'a'", 1, 1, "Missing parentheses in call to 'print'. Did you mean print(...)?"),
        (">>> a = 1\n1\n>>> x = = 1", 3, 9, "invalid syntax"),
        ("a = “b”", 1, 5, "invalid character '“' (U+201C)"),
        ("名 = '模' 型 型", 1, 9, "invalid syntax"),
        ("if a:\nb", 2, 1, "expected an indented block after 'if' statement on line 1"),
        ('a = "b', 1, 5, "unterminated string literal (detected at line 1)"),
    ],
)
@pytest.mark.parametrize("prefix", ["", "> ", "    "])
def test_python_that_does_not_parse_is_found_at_its_place(
    code: str, line: int, column: int, words: str, prefix: str
) -> None:
    text = f"```python\n{code}\n```"
    before = "- item\n\n" if prefix == "    " else ""
    body = before + "\n".join(prefix + written for written in text.split("\n"))
    (found,) = findings("python-snippet", with_body(body))
    first = with_body(body).split("\n").index(f"{prefix}```python") + 1
    if words != "invalid syntax":
        assert found.message == f"the Python snippet does not parse: {words}"
    else:
        assert found.message.startswith("the Python snippet does not parse: invalid syntax")
    assert (found.line, found.column) == (first + line, len(prefix) + column)
    assert found.end_line == found.line
    assert found.end_column == len(found.source_line) + 1


@pytest.mark.parametrize("language", ["text", "bash", "", "cpp"])
def test_other_languages_are_not_looked_at(language: str) -> None:
    assert findings("python-snippet", with_body(f"```{language}\nx = = 1\n```")) == []


@pytest.mark.parametrize("language", ["py", "Python3", "pycon"])
def test_other_names_of_python_are_looked_at(language: str) -> None:
    assert len(findings("python-snippet", with_body(f"```{language}\n>>> x = = 1\n```"))) == 1


@pytest.mark.parametrize(
    "code",
    [
        "(" * 60_000,
        "-" * 60_000 + "1",
        "a" + ".b" * 30_000,
        "a" + "()" * 30_000,
        "x = " + "[" * 5_000 + "]" * 5_000,
        "not " * 15_000 + "a",
        "1 + " * 15_000 + "1",
        "if a: " * 10_000,
        "lambda: " * 8_000 + "1",
        "if a:\n pass\n" + "elif a:\n pass\n" * 4_000,
        "x = " + "9" * 60_000,
        "a\0b",
        "f'" + "{" * 30_000,
        "x" * 100_000,
    ],
    ids=lambda code: code[:8],
)
def test_a_hostile_snippet_does_no_harm(code: str) -> None:
    assert len(findings("python-snippet", with_body(f"```python\n{code}\n```"))) <= 1


def test_snippets_are_never_run() -> None:
    name = "_hubkit_snippet_ran"
    findings("python-snippet", with_body(f"```python\nimport sys\nsys.{name} = True\n```"))
    assert not hasattr(sys, name)


# raw-html


@pytest.mark.parametrize(
    ("text", "place", "tag", "hint"),
    [
        ('see <img src="a.png"> there', '<img src="a.png">', "img", "Write ![words](target)."),
        ("an <i>important</i> word", "<i>", "i", "Write *words*."),
        ("<h3>Use</h3>", "<h3>Use</h3>", "h3", "Write ### before the heading."),
        ("<hr>", "<hr>", "hr", "Write --- between empty lines."),
        ("a <header>", "<header>", "header", "Say it in Markdown."),
        ("<sub>a</sub> <FONT color=red>", "<FONT color=red>", "font", "Say it in Markdown."),
        ("<!-- a --> b\n<script>\nx\n</script>", "<script>", "script", "Say it in Markdown."),
    ],
)
def test_html_is_found(text: str, place: str, tag: str, hint: str) -> None:
    (found,) = findings("raw-html", with_body(text))
    assert found.source_line[found.column - 1 :].startswith(place) or place in text
    assert (found.message, found.hint) == (f"the body holds raw HTML: <{tag}>", hint)


def test_a_block_of_html_is_one_finding() -> None:
    (found,) = findings("raw-html", with_body("<table>\n<tr><td>a</td></tr>\n</table>\n\nafter"))
    assert (found.source_line, found.end_line - found.line) == ("<table>", 2)


@pytest.mark.parametrize(
    "text",
    [
        "H<sub>2</sub>O, 5<sup>th</sup>, a<br>b<br/>, <kbd>Ctrl</kbd>",
        "<!-- hubkit: ignore title -->",
        "a <!-- <b> --> b",
        "<!-- <div>\n</div> -->",
        "`<b>` and 1 < 2 > 0",
        "```cpp\nstd::vector<float> a;\n```",
        "<https://a.example/b>",
    ],
)
def test_harmless_html_is_fine(text: str) -> None:
    assert findings("raw-html", with_body(text)) == []


# image-alt


@pytest.mark.parametrize("image", ["![](https://a.example/b.png)", "![ ](https://a.example/b.png)"])
def test_an_image_without_words_is_found(image: str) -> None:
    found = findings("image-alt", with_body(f"see {image} there"))
    assert shown(found) == [f"{image}: the image has no alternative text"]
    assert found[0].hint == "Write what it shows between the brackets."


def test_each_use_of_one_picture_is_found() -> None:
    found = findings("image-alt", with_body("![][a] and ![][a]\n\n[a]: https://a.example/b.png"))
    assert [one.column for one in found] == [1, 12]


def test_an_image_with_words_is_fine() -> None:
    assert findings("image-alt", with_body("![a net](https://a.example/b.png) [a](b.md)")) == []


@pytest.mark.parametrize(
    "rule",
    [
        "title",
        "title-name",
        "heading-levels",
        "code-language",
        "unclosed-fence",
        "python-snippet",
        "raw-html",
        "image-alt",
    ],
)
def test_the_good_card_has_no_finding(rule: str) -> None:
    assert findings(rule, GOOD) == []


@settings(max_examples=200)
@given(BODIES)
def test_no_body_stops_a_rule_and_each_finding_lies_in_the_file(body: str) -> None:
    document = parse_text(GOOD + "\n" + body, PATH)
    context = Context(Path(PATH), Settings())
    for rule in RULES:
        if rule.check is not None and rule.category in (Category.LINKS, Category.BODY):
            for found in rule.check(document, context):
                assert 0 <= found.start <= found.end <= len(document.source.text)
                assert found.message
                assert "\n" not in found.message


# snippet-uid


def snippet(*uids: str, path: str = PATH) -> list[str]:
    code = "\n".join(f'network = mshub.load("{uid}")' for uid in uids)
    return shown(findings("snippet-uid", with_body(f"```python\nimport mindspore_hub as mshub\n{code}\n```"), path))


def test_a_snippet_that_loads_another_card_is_found_and_mended() -> None:
    text = with_body(
        '- Usage:\n\n  ```python\n  model = "mindspore/1.8/u2net_dutstr"\n  net = mshub.load(model)\n  ```'
    )
    (found,) = findings("snippet-uid", text)
    said = "mindspore/1.8/u2net_dutstr: the snippet loads 'mindspore/1.8/u2net_dutstr', which is not this card"
    assert shown([found]) == [said]
    assert found.hint == "Write mindspore/1.9/u2net_dutstr."
    assert fixed("snippet-uid", text) == text
    assert fixed("snippet-uid", text, unsafe=True) == text.replace("1.8/u2net", "1.9/u2net")


@pytest.mark.parametrize(
    "uid",
    [
        "mindspore/1.9/u2-net_dutstr",
        "mindspore/1.9/u2net_dutstr.md",
        "mindspore/1.10/u2net_dutstr",
        "a/1.9/u2net_dutstr",
    ],
)
def test_every_part_of_the_address_counts(uid: str) -> None:
    assert snippet(uid) == [f"{uid}: the snippet loads {uid!r}, which is not this card"]


def test_a_snippet_that_loads_the_card_is_fine() -> None:
    assert snippet("mindspore/1.9/u2net_dutstr") == []
    assert snippet("mindspore/1.9/resnet50_imagenet2012", "mindspore/1.9/u2net_dutstr") == []
    assert snippet("noah/ascend/1.9/x_y", path="/hub/noah/ascend/1.9/x_y.md") == []
    assert snippet("mindspore/1.9/u2net_dutstr", path="/hub/mindspore/1.9/u2net_dutstr_cn.md") == []
    assert snippet("mindspore/1.8/u2net_dutstr", path="/elsewhere/u2net_dutstr.md") == []
    assert snippet("./weights/u2net.ckpt", "u2net_dutstr", "https://a.example/1.8/x") == []
    assert findings("snippet-uid", with_body('```python\npath = "data/1.8/u2net"\n```')) == []
    assert findings("snippet-uid", with_body('It says `mshub.load("mindspore/1.8/u2net_dutstr")`.')) == []
