"""Bodies of cards for property tests: lines of Markdown that change the meaning of each other."""

from __future__ import annotations

from hypothesis import strategies as st

LINES = st.sampled_from(
    [
        "",
        " ",
        "\t",
        "# Title",
        "## Use #",
        "### `a` [b](#c) _d_",
        "words",
        "    indented",
        "- item",
        "1. item",
        "> quoted",
        "> - ```",
        "  ```",
        "```",
        "````",
        "```python",
        "``` a b",
        "```a`b",
        "``` &amp; \\# \0",
        "~~~",
        "in ``` a line",
        "===",
        "---",
        "<div>",
        "</div>",
        "- <b>",
        "<!-- a",
        "b -->",
        "a <br> b",
        "a < b",
        "[a](b.md) ![](c.png) <https://a.example/b>",
        "https://a.example/b.",
        "[a]: https://a.example/c",
        "[a] [b][a] ![c][a]",
        "  [a]: <d e>",
        "[two",
        "lines](#a)",
        "\\[a](b) \\` `[c](d)`",
        "用法：`x` [甲](#乙)",
        "x\0y",
        "a\u2028b\x0bc\x85d",
    ]
)
ENDS = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"])
BODIES = st.one_of(
    st.lists(LINES, max_size=14).map("\n".join),
    st.lists(LINES, max_size=10).map("\r\n".join),
    st.lists(st.tuples(LINES, ENDS), max_size=10).map(lambda lines: "".join(map("".join, lines))),
    st.text(alphabet="#`~<>[]()!-_*= \n\r\tab1:/.\\&\0", max_size=60),
)
