"""The page's modules, joined into a few files: a browser that asks for each of 150 takes a second for it.

A pack is what an entry reaches by its imports and no pack before it holds; the entries are the page's
scripts, then whatever their modules import when it is needed. Every module becomes a function that is
called once, after those it imports from, so that names stay its own; its lines stay lines for the source
map, and comments on lines of their own are not sent. This reads the page's own way of writing modules
(named exports, imports at the beginning of a line, no cycles) and refuses any other.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Sources = Mapping[str, str]
"""Modules by their path."""

_IMPORT = re.compile(r'^import (?:(\{[^}]*\})|\* as (\w+)) from "([^"]+)";', re.MULTILINE)
_PASSED_ON = re.compile(r'^export (\{[^}]+\}) from "([^"]+)";', re.MULTILINE)
_DECLARED = re.compile(r"^export (?=(?:(?:async )?function|const|class) (\w+))", re.MULTILINE)
_NOTHING = re.compile(r"^export \{\};", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_LATER = re.compile(r'/\*.*?\*/|\bimport\("([^"]+)"\)', re.DOTALL)
"""An import when it is needed, or a comment, which may name a type in the same way."""

_COMMENT = re.compile(r"^ */\*\*(?:(?!\*/).)*\*/ *$", re.MULTILINE | re.DOTALL)
"""A comment on lines of its own, which are a quarter of what would be sent; the source map has them."""


@dataclass(frozen=True)
class Pack:
    """A file of modules: its code and its source map."""

    name: str
    modules: tuple[str, ...]
    code: str
    source_map: str


def packed(sources: Sources, entries: tuple[str, ...]) -> tuple[Pack, ...]:
    """The packs of these entries and of what they import later; each is loaded after those before it."""
    roots = list(entries)
    holder: dict[str, str] = {}
    members: dict[str, list[str]] = {}
    for root in roots:  # grows on the way
        name = pack_name(root)
        members[name] = [module for module in _in_order(sources, root) if module not in holder]
        holder |= dict.fromkeys(members[name], name)
        for module in members[name]:
            roots += [later for later in _later(sources, module) if later not in roots]
    return tuple(_joined(sources, name, modules, holder) for name, modules in members.items() if modules)


def pack_name(root: str) -> str:
    """The name of the pack of this entry."""
    return root.replace("/", "-")


def _in_order(sources: Sources, root: str) -> list[str]:
    """All that a module reaches by its imports, each after what it imports itself."""
    found: dict[str, None] = {}

    def visit(module: str) -> None:
        if module not in found:
            if module not in sources:
                raise ValueError(f"modules must be imported by the name of a file, got {module!r}")
            for target in _imports(sources[module], module):
                visit(target)
            found[module] = None

    visit(root)
    return list(found)


def _imports(source: str, module: str) -> Iterator[str]:
    for matched in (*_IMPORT.finditer(source), *_PASSED_ON.finditer(source)):
        yield _target(module, matched[matched.lastindex or 0])


def _later(sources: Sources, module: str) -> Iterator[str]:
    for matched in _LATER.finditer(sources[module]):
        if matched[1]:
            yield _target(module, matched[1])


def _target(module: str, address: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(module), address))


def _variable(module: str) -> str:
    """The name under which a module's exports are known in every pack."""
    return "$" + re.sub(r"\W", "_", module.removesuffix(".js"))


def _joined(sources: Sources, name: str, modules: list[str], holder: Mapping[str, str]) -> Pack:
    needed: dict[str, set[str]] = {}
    for module in modules:
        for target in _imports(sources[module], module):
            if holder[target] != name:
                needed.setdefault(holder[target], set()).add(_variable(target))
    head = [f'import {{ {", ".join(sorted(names))} }} from "./{pack}";' for pack, names in needed.items()]
    bodies = [_called(sources[module], module, holder) for module in modules]
    tail = f"export {{ {', '.join(map(_variable, modules))} }};\n//# sourceMappingURL={name}.map\n"
    code = "\n".join([*head, *bodies, tail])
    return Pack(name, tuple(modules), code, _source_map(sources, modules, len(head)))


def _called(source: str, module: str, holder: Mapping[str, str]) -> str:
    """A module as a function that returns its exports, on the lines that it has."""
    exports: list[str] = []

    def bound(matched: re.Match[str]) -> str:
        names = matched[1].replace(" as ", ": ") if matched[1] else matched[2]
        return f"const {names} = {_variable(_target(module, matched[3]))};"

    def passed_on(matched: re.Match[str]) -> str:
        exports.extend(part.strip() for part in matched[1].strip("{}").split(",") if part.strip())
        return f"const {matched[1]} = {_variable(_target(module, matched[2]))};"

    def declared(matched: re.Match[str]) -> str:
        exports.append(matched[1])
        return ""

    def later(matched: re.Match[str]) -> str:
        if not matched[1]:
            return matched[0]
        target = _target(module, matched[1])
        return f'import("./{holder[target]}").then((pack) => pack.{_variable(target)})'

    body = _IMPORT.sub(bound, source)
    body = _PASSED_ON.sub(passed_on, body)
    body = _DECLARED.sub(declared, body)
    body = _NOTHING.sub("", body)
    if unread := _OTHER.search(body):
        raise ValueError(
            f"imports and exports of {module} must be of a form that can be packed, got {unread[0]!r}"
        )
    body = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), _LATER.sub(later, body))
    return f"const {_variable(module)} = (() => {{ {body}\nreturn {{ {', '.join(exports)} }};\n}})();"


def _source_map(sources: Sources, modules: list[str], head: int) -> str:
    """Which line of which module every line of a pack comes from."""
    mappings = [""] * head
    before = 0
    for place, module in enumerate(modules):
        lines = sources[module].count("\n") + 1
        step = "A" if place == 0 else "C"
        mappings += [f"A{step}{_digits(-before)}A", *["AACA"] * (lines - 1), "", ""]
        before = lines - 1
    names = [f"../../js/{module}" for module in modules]
    texts = [sources[module] for module in modules]
    return json.dumps(
        {"version": 3, "sources": names, "sourcesContent": texts, "names": [], "mappings": ";".join(mappings)}
    )


_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def _digits(value: int) -> str:
    """A whole number as source maps write it: its sign in the lowest bit, five bits a digit, lowest first."""
    rest = abs(value) << 1 | (value < 0)
    text = ""
    while True:
        digit, rest = rest & 31, rest >> 5
        text += _BASE64[digit | (32 if rest else 0)]
        if not rest:
            return text
