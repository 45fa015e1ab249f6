"""Hubkit's own templates, compiled for speed: thousands of pages are made of each.

Beside what Jinja does, a template is compiled in one piece with what it extends and takes in (see flattening), a text
of the interface is put in when its template is compiled, and an attribute is taken as it is (a context is made of data
classes, and templates use nothing else). A page is put together as bytes: a text is made fit for a page, escaped and
encoded in one step, which is remembered for short ones.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from jinja2 import (
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    Template,
    UndefinedError,
    nodes,
)
from jinja2.compiler import CodeGenerator, Frame
from jinja2.utils import missing
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from hubkit.resources import package_digest
from hubkit.site.flattening import flatten
from hubkit.site.i18n import Texts
from hubkit.site.text import fit

OPTIONS: dict[str, Any] = {
    "autoescape": True,
    "undefined": StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": True,
    "auto_reload": False,
    "extensions": ["jinja2.ext.i18n"],
}

# What a text of the interface takes in.
_VARIABLE = re.compile(r"%\((\w+)\)s")
# Whether a text means the same in HTML.
_PLAIN = re.compile("[^&<>'\"]*").fullmatch
_LONGEST = 200
_MOST = 20_000


class _Escaped(dict[object, bytes]):
    """A value -> it as HTML in UTF-8, without the characters that no page may hold.

    What is kept are short texts that stand for themselves. So it does not matter that Markup of the same letters is
    found in their place.
    """

    def __missing__(self, value: object) -> bytes:
        kind = type(value)
        if kind is str:
            text = cast("str", value)
            if len(text) > _LONGEST or not text.isprintable() or not _PLAIN(text):
                return _escaped(text)
            if len(self) > _MOST:  # most of them are of pages that were made
                self.clear()
            content = self[text] = text.encode()
            return content
        if value is missing:
            raise UndefinedError("a name that a template uses is not there")
        if isinstance(value, StrEnum):
            return self[value.value]
        # Markup is made of texts that went through here before.
        return (value if kind is Markup else escape(value)).encode()  # type: ignore[attr-defined,no-any-return]


@lru_cache(maxsize=64)  # a page in another language has them once more
def _escaped(text: str) -> bytes:
    """A text that is long, or not the same in HTML; never Markup, which would be found here in place of it."""
    return escape(fit(text)).encode()


class CompiledEnvironment(Environment):
    """The templates of one folder in one language."""

    escaped = _Escaped()  # one for all: a page in one language is made after the same one in another

    def __init__(self, folder: Path, texts: Texts, cache_dir: Path | None) -> None:
        """``cache_dir`` keeps compiled templates. It holds code, so it must be the user's own."""
        super().__init__(loader=FileSystemLoader(folder, encoding="utf-8"), **OPTIONS)
        self._texts = texts
        self._pages: dict[str, tuple[Template, dict[str, Any]]] = {}
        if cache_dir:
            self.bytecode_cache = _Cache(cache_dir, folder, texts)

    def page(self, name: str, page: object) -> bytes:
        """The page that the template of this name makes of a context, in UTF-8."""
        found = self._pages.get(name)
        if found is None:
            template = self.get_template(name)
            found = self._pages[name] = (template, dict(template.globals))
        template, names = found
        (content,) = template.root_render_func(template.new_context({**names, "page": page}, shared=True))
        return cast("bytes", content)

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        flat = flatten(self, source)
        _Translation(self._texts).visit(flat)
        flat.body.append(nodes.Output([]))  # where the page is whole
        return super()._generate(flat, name, filename, defer_init)


def _text(pieces: Iterable[bytes]) -> str:
    return b"".join(pieces).decode()


CompiledEnvironment.concat = staticmethod(_text)  # type: ignore[assignment]  # pieces are bytes here


class _Translation(NodeTransformer):
    """Puts in the texts of the interface: whole, or in pieces between the texts that they take in."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802 (these are named after the nodes)
        children = [piece for child in node.nodes for piece in self._pieces(child)]
        return self.generic_visit(nodes.Output(children, lineno=node.lineno))

    def _pieces(self, node: nodes.Expr) -> list[nodes.Expr]:
        words = _words(node)
        if words is None or not isinstance(node, nodes.Call):
            return [node]
        # What the text takes in without `fit` is left to gettext, as which it comes by no `put`.
        taken = {each.key: value for each in node.kwargs if (value := _fitted(each.value)) is not None}
        parts = _VARIABLE.split(self._texts.text(words))
        if not taken or not taken.keys() >= set(parts[1::2]) or any("%" in part for part in parts):
            return [node]
        return [taken[part] if index % 2 else nodes.TemplateData(part) for index, part in enumerate(parts)]

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        words = _words(node)
        if words is None or node.kwargs:
            return node
        # As gettext does it in a template: what is translated counts as HTML, and a percent sign is written twice.
        return nodes.Const(Markup(self._texts.text(words)) % {}, lineno=node.lineno)  # noqa: S704


def _fitted(node: nodes.Expr) -> nodes.Expr | None:
    """What `fit` is asked of; None for anything else."""
    return node.node if isinstance(node, nodes.Filter) and node.name == "fit" else None


def _words(node: nodes.Node) -> str | None:
    """The text that is translated there; None where none is that is known."""
    if not isinstance(node, nodes.Call) or node.dyn_args or node.dyn_kwargs or len(node.args) != 1:
        return None
    is_text = isinstance(node.node, nodes.Name) and node.node.name in ("_", "gettext")
    return node.args[0].value if is_text and isinstance(node.args[0], nodes.Const) else None


class _Code(CodeGenerator):
    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 (named after the node)
        if isinstance(node.node, nodes.Name) and node.node.name == "self":  # the template's blocks
            super().visit_Getattr(node, frame)
            return
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802 (as above)
        # What is taken from a name is a macro of an imported template, which needs no context.
        if forward_caller or not _is_imported(node):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for argument in node.args:
            self.visit(argument, frame)
            self.write(", ")
        for keyword in node.kwargs:
            self.visit(keyword, frame)
            self.write(", ")
        self.write(")")

    def write_commons(self) -> None:
        super().write_commons()
        self.writeline("put = environment.escaped")
        self.writeline("pieces = []")

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802 (as above)
        if not node.nodes:
            self.writeline("yield b''.join(pieces)")
            return
        buffer = frame.buffer
        frame.buffer = buffer or "pieces"
        super().visit_Output(node, frame)
        frame.buffer = buffer

    def visit_Getitem(self, node: nodes.Getitem, frame: Frame) -> None:  # noqa: N802 (as above)
        if not isinstance(node.arg, nodes.Const):
            super().visit_Getitem(node, frame)
            return
        self.visit(node.node, frame)
        self.write("[")
        self.visit(node.arg, frame)
        self.write("]")

    def visit_Name(self, node: nodes.Name, frame: Frame) -> None:  # noqa: N802 (as above)
        if node.ctx == "load":  # what is not there is found out where it is used
            self.write(frame.symbols.ref(node.name))
        else:
            super().visit_Name(node, frame)

    def _output_const_repr(self, group: Iterable[Any]) -> str:
        return repr("".join(group).encode())

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        self.write("put[")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        self.write("]")


def _is_imported(node: nodes.Call) -> bool:
    callee = node.node
    is_taken = isinstance(callee, nodes.Getattr) and isinstance(callee.node, nodes.Name) and callee.node.name != "self"
    return is_taken and not node.dyn_args and not node.dyn_kwargs


CompiledEnvironment.code_generator_class = _Code


class _Cache(FileSystemBytecodeCache):
    """Compiled templates in a folder, each good for one version of hubkit's code, of its templates and of its texts."""

    def __init__(self, folder: Path, templates: Path, texts: Texts) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        super().__init__(str(folder))
        # A template is compiled with others.
        sources = [(path.name, path.read_bytes()) for path in sorted(templates.glob("*.html"))]
        content = repr((texts.language.code, sorted(texts.messages.items()), package_digest("site"), sources))
        self._key = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return hashlib.sha256(f"{self._key} {name} {filename}".encode()).hexdigest()
