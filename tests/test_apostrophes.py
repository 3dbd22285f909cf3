"""What people read on the page, in refusals and in the manual has one apostrophe, the curved one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from descentscape.api.app import create_app
from descentscape.api.ops.settings import Settings
from descentscape.document.catalog import catalog

ROOT = Path(__file__).parents[1]
STRAIGHT = re.compile(r"\w'\w|s' [a-z]")
COMMENT = re.compile(r"/\*.*?\*/|<!--.*?-->|(?<![:\w])//[^\n]*", re.DOTALL)


def texts(document: Any) -> Iterator[str]:
    match document:
        case str():
            yield document
        case dict():
            yield from document
            yield from texts(list(document.values()))
        case list() | tuple():
            for entry in document:
                yield from texts(entry)


def constants(source: str) -> Iterator[str]:
    """The string constants of a module that are not docstrings."""
    tree = ast.parse(source)
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def straight(found: Iterator[str]) -> list[str]:
    return [text for text in found if STRAIGHT.search(text)]


def test_the_catalogue_has_no_straight_apostrophe() -> None:
    assert straight(texts(catalog())) == []


def test_the_manual_has_no_straight_apostrophe() -> None:
    assert straight(texts(create_app(Settings()).openapi())) == []


def test_no_module_says_anything_with_a_straight_apostrophe() -> None:
    modules = (ROOT / "backend").rglob("*.py")
    assert straight(text for path in modules for text in constants(path.read_text(encoding="utf-8"))) == []


def test_the_page_says_nothing_with_a_straight_apostrophe() -> None:
    files = [*(ROOT / "frontend/js").rglob("*.js"), ROOT / "frontend/index.html"]
    code = "\n".join(COMMENT.sub("", path.read_text(encoding="utf-8")) for path in files)
    assert straight(iter(code.splitlines())) == []
