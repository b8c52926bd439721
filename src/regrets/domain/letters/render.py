"""Filling a letter: Jinja2, cut down to what a letter needs.

Only text, {{ slots }}, if and for are left: no calls, filters, attributes, arithmetic or imports. What nobody can
write can't be abused, whatever the sandbox misses. Values are inserted once and never read as template.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from regrets.domain.errors import LetterError
from regrets.domain.letters.context import LISTS, SLOTS, Value
from regrets.domain.letters.library import Source

if TYPE_CHECKING:
    from jinja2 import Environment, Template
    from jinja2.nodes import Node

MOST_BYTES = 16 * 1024
_ALLOWED = frozenset("Template Output TemplateData If For Name Const And Or Not CondExpr Compare Operand".split())  # noqa: SIM905
# A line of tags alone leaves no line in the letter: its end is marked and taken out after filling. (Jinja's
# trim_blocks would also glue a sentence that ends in a tag to the next one.) Values hold no private-use characters.
_TAGS_ALONE = re.compile(r"^[ \t]*(?:(?:\{%(?:[^%\n]|%(?!\}))*%\}|\{#(?:[^#\n]|#(?!\}))*#\})[ \t]*)+$", re.MULTILINE)
_END = "\ue010"
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")


def render(source: Source, slots: Mapping[str, Value]) -> str:
    """The filled text: paragraphs parted by one blank line, each on one line; list items ("- …") keep theirs.

    Raises LetterError with file, line and cure for an unknown slot, an error in the template, or a text over
    16 KiB.
    """
    from jinja2 import TemplateError

    template = _compiled(source.name, source.body)
    parts: list[str] = []
    size = 0
    try:
        for part in template.generate(**slots):
            size += len(part.encode("utf-8", "surrogatepass"))
            if size > MOST_BYTES:
                raise LetterError(
                    f"{source.name}, line {_body_line(source)}: the text grows over {MOST_BYTES // 1024} KiB.",
                    "Shorten the letter; a loop inside a loop is the usual cause.",
                )
            parts.append(part)
    except TemplateError as error:  # e.g. a slot that a for-line has hidden
        raise LetterError(f"{source.name}, line {_body_line(source)}: {error}.", _CURE) from error
    return flow("".join(parts).replace(f"{_END}\n", ""))


def flow(text: str) -> str:
    """Joins the lines of each paragraph with single spaces; lines that start with "- " stay apart."""
    paragraphs = []
    for paragraph in _PARAGRAPHS.split(text.replace(_END, "").strip()):
        lines: list[str] = []
        for line in (line.strip(" \t") for line in paragraph.split("\n")):
            if not line:
                continue
            if lines and not line.startswith("- "):
                lines[-1] = f"{lines[-1]} {line}"
            else:
                lines.append(line)
        paragraphs.append("\n".join(re.sub(r" {2,}", " ", line) for line in lines))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


_CURE = "`regrets letters check` shows what is allowed; removing the file brings the built-in letter back."


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False, cache_size=0)
    environment.globals.clear()
    environment.filters.clear()
    environment.tests.clear()
    return environment


@lru_cache(maxsize=512)
def _compiled(name: str, body: str) -> Template:
    from jinja2 import TemplateSyntaxError

    environment = _environment()
    try:
        tree = environment.parse(_TAGS_ALONE.sub(lambda match: match[0] + _END, body))
        _inspect(tree, name, frozenset())
        return environment.from_string(tree)
    except TemplateSyntaxError as error:
        raise LetterError(f"{name}, line {error.lineno}: {error.message}.", _CURE) from error
    except RecursionError as error:
        raise LetterError(f"{name}: nested too deeply.", _CURE) from error


def _inspect(node: Node, name: str, own: frozenset[str]) -> None:
    """Raises LetterError for anything that letters don't know; `own` are the names of surrounding for-lines."""
    from jinja2 import nodes

    kind = type(node).__name__
    if kind not in _ALLOWED:
        raise LetterError(
            f"{name}, line {node.lineno}: letters know only {{{{ slots }}}}, if and for, not this ({kind}).",
            _CURE,
        )
    if isinstance(node, nodes.Name) and node.ctx == "load" and node.name not in SLOTS and node.name not in own:
        near = difflib.get_close_matches(node.name, SLOTS, 1)
        cure = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(sorted(SLOTS))}."
        raise LetterError(f"{name}, line {node.lineno}: there is no slot {node.name!r}.", cure)
    if isinstance(node, nodes.For):
        _inspect_for(node, name)
        own = own | {node.target.name} if isinstance(node.target, nodes.Name) else own
    for child in node.iter_child_nodes():
        _inspect(child, name, own)


def _inspect_for(node: Node, name: str) -> None:
    from jinja2 import nodes

    assert isinstance(node, nodes.For)
    plain = isinstance(node.target, nodes.Name) and node.target.name not in SLOTS and not node.recursive
    if not plain or not isinstance(node.iter, nodes.Name) or node.iter.name not in LISTS:
        raise LetterError(
            f"{name}, line {node.lineno}: a for-line goes through one list.",
            f"Write for example {{% for one in proposals %}}; lists are {', '.join(sorted(LISTS))}.",
        )


def _body_line(source: Source) -> int:
    return len(source.body) - len(source.body.lstrip("\n")) + 1
