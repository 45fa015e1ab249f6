"""
A snippet of Python does not parse.

Readers copy snippets and run them. One that does not even parse helps nobody. Fences named `python`, `python3`, `py` or
`pycon` are looked at; the code is parsed, never run. It may be indented as a whole, lines of IPython (`!pip install`,
`%time`) are passed over, and where there are prompts (`>>>`), only what stands behind them is code. Write `...` for
what is left out.

Bad:

    ```python
    model = mshub.load("mindspore/1.9/u2net_dutstr"
    ```

Good:

    ```python
    model = mshub.load("mindspore/1.9/u2net_dutstr")
    ```
"""

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from textwrap import dedent

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule

_LANGUAGES = frozenset({"python", "python3", "py", "pycon"})
_MAX_CHARACTERS = 65_536
_PROMPT = re.compile(r"[ \t]*(?:>>>|\.\.\.)(?: |$)")
_PROMPTS = re.compile(r"^[ \t]*>>>", re.MULTILINE)
_SHELL = re.compile(r"^[ \t]*[!%].*", re.MULTILINE)
_WORD = re.compile(r'"[\w./:-]*"')


@dataclass(frozen=True, slots=True)
class _Error:
    words: str
    """What Python says."""
    line: int
    """The line in the code, from 1."""
    column: int
    """The column in that line, from 1."""


def check(document: Document, _context: Context) -> Iterator[Finding]:
    for fence in document.body.fences:
        if fence.language.lower() not in _LANGUAGES or not fence.closed or len(fence.content) > _MAX_CHARACTERS:
            continue
        # Snippets of a catalogue differ in the names of models only, which do not matter here.
        if _error(_WORD.sub('""', fence.content)) is None:
            continue
        error = _error(fence.content)
        if error is not None:
            start = fence.offset(error.line, error.column)
            end = max(fence.offset(error.line, 1 + _MAX_CHARACTERS), start)
            message = f"the Python snippet does not parse: {error.words}"
            yield Finding(start, end, message, "Mend the code, or name the fence text if it is none.")


@lru_cache(maxsize=1024)
def _error(content: str) -> _Error | None:
    """The first error of the code as it stands in a card; None where it parses, or cannot be judged."""
    code, shifts = _without_prompts(content) if _PROMPTS.search(content) else (content, [])
    code = _SHELL.sub("", code)
    straight = dedent(code)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as for "\d"
            ast.parse(straight)
    except SyntaxError as error:
        lines = code.split("\n")
        line = min(max(error.lineno or 1, 1), len(lines))
        indent = len(lines[line - 1]) - len(straight.split("\n")[line - 1]) if lines[line - 1].strip() else 0
        shift = shifts[line - 1] if shifts else 0
        return _Error(error.msg, line, max(error.offset or 1, 1) + indent + shift)
    except (ValueError, RecursionError, MemoryError):
        return None
    return None


def _without_prompts(content: str) -> tuple[str, list[int]]:
    """The lines behind prompts, the others empty; and how many characters were taken off each."""
    lines: list[str] = []
    shifts: list[int] = []
    for line in content.split("\n"):
        prompt = _PROMPT.match(line)
        lines.append(line[prompt.end() :] if prompt else "")
        shifts.append(prompt.end() if prompt else 0)
    return "\n".join(lines), shifts


RULE = Rule("python-snippet", Category.BODY, Severity.WARNING, check)
