"""Hubkit's own templates, compiled for speed: thousands of pages are made of each.

Beside what Jinja does, a text of the interface is put in when its template is compiled, an attribute is taken as it is
(a context is made of data classes, and templates use nothing else), and a text is made fit for a page and escaped in
one step, which is remembered for short ones.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from hubkit.resources import package_digest
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

_LONGEST = 200
_MOST = 20_000


class CompiledEnvironment(Environment):
    """The templates of one folder in one language."""

    def __init__(self, folder: Path, texts: Texts, cache_dir: Path | None) -> None:
        """``cache_dir`` keeps compiled templates. It holds code, so it must be the user's own."""
        super().__init__(loader=FileSystemLoader(folder, encoding="utf-8"), **OPTIONS)
        self._texts = texts
        self._escaped: dict[str, str] = {}
        if cache_dir:
            self.bytecode_cache = _Cache(cache_dir, texts)

    def put(self, value: object) -> str:
        """``value`` as HTML, without the characters that no page may hold."""
        kind = type(value)
        if kind is str:
            found = self._escaped.get(value)  # type: ignore[call-overload]  # it is a str
            if found is not None:
                return str(found)
            text = str(escape(fit(value)))  # type: ignore[arg-type]  # as above
            if len(text) < _LONGEST and len(self._escaped) < _MOST:
                self._escaped[value] = text  # type: ignore[index]  # as above
            return text
        # Markup is made of texts that went through here before.
        return value if kind is Markup else escape(value)  # type: ignore[return-value]

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        _Translation(self._texts).visit(source)
        return super()._generate(source, name, filename, defer_init)


class _Translation(NodeTransformer):
    """Puts in the texts of the interface that hold no variable."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 (named after the node)
        self.generic_visit(node)
        is_text = isinstance(node.node, nodes.Name) and node.node.name in ("_", "gettext")
        words = node.args[0] if len(node.args) == 1 and not node.kwargs else None
        if not is_text or not isinstance(words, nodes.Const):
            return node
        # As gettext does it in a template: what is translated counts as HTML, and a percent sign is written twice.
        return nodes.Const(Markup(self._texts.text(words.value)) % {}, lineno=node.lineno)  # noqa: S704


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

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        self.write("environment.put(")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        self.write(")")


def _is_imported(node: nodes.Call) -> bool:
    callee = node.node
    is_taken = isinstance(callee, nodes.Getattr) and isinstance(callee.node, nodes.Name) and callee.node.name != "self"
    return is_taken and not node.dyn_args and not node.dyn_kwargs


CompiledEnvironment.code_generator_class = _Code


class _Cache(FileSystemBytecodeCache):
    """Compiled templates in a folder, each good for one version of hubkit's code and of its texts."""

    def __init__(self, folder: Path, texts: Texts) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        super().__init__(str(folder))
        content = repr((texts.language.code, sorted(texts.messages.items()), package_digest("site")))
        self._key = hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return hashlib.sha256(f"{self._key} {name} {filename}".encode()).hexdigest()
