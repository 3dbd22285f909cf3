"""The arrows between the layers: core knows NumPy alone, only api knows the web, only views draw."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "backend" / "descentscape"
SCRIPTS = ROOT / "frontend" / "js"
WEB = {"fastapi", "starlette", "uvicorn", "websockets", "asyncio", "anyio"}


def python_files(folder: str) -> list[Path]:
    return sorted((PACKAGE / folder).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, at its top or inside a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def top(module: str) -> str:
    return module.split(".")[0]


@pytest.mark.parametrize("path", python_files("core"), ids=lambda path: path.name)
def test_core_knows_numpy_and_the_standard_library_only(path: Path) -> None:
    allowed = {*sys.stdlib_module_names, "numpy"} - WEB
    for module in imports(path):
        assert top(module) in allowed or module.startswith("descentscape.core"), (
            f"{path.name} imports {module}"
        )


@pytest.mark.parametrize("path", python_files("core"), ids=lambda path: path.name)
def test_core_draws_no_random_number_from_a_global_state(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"np\.random\.(?!default_rng|Generator|SeedSequence)|\bimport random\b", text)


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("*.py")), ids=lambda path: path.name)
def test_only_the_api_knows_the_web(path: Path) -> None:
    lazily = {"cli.py"}
    for module in imports(path):
        assert top(module) not in WEB, f"{path.name} imports {module}"
        assert not module.startswith("descentscape.api") or path.name in lazily, (
            f"{path.name} imports {module}"
        )


def test_nothing_evaluates_or_unpickles() -> None:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"eval", "exec", "compile", "__import__"}, (
                    f"{path.name} calls {node.func.id}"
                )
        assert "pickle" not in {top(module) for module in imports(path)}, path.name


def scripts(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.js"))


def script_imports(path: Path) -> list[str]:
    """The static imports of a module; types in comments do not count."""
    return re.findall(
        r'^(?:import|export)\s[^;]*?from\s+"([^"]+)"', path.read_text(encoding="utf-8"), re.MULTILINE
    )


# Who may touch what, beside the views: the wiring, the elements' helper, what speaks to the service.
TOUCH_THE_DOCUMENT = {
    "main.js",
    "dom.js",
    "actions.js",
    "theme-early.js",
    "session.js",
    "api.js",
    "stream.js",
}
FETCH = {"api.js"}
HOLD_THE_SOCKET = {"stream.js"}
DRAW_WITH_PLOTLY = {"main.js", "scene.js"}


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("path", scripts(SCRIPTS), ids=lambda path: path.name)
def test_pure_modules_touch_neither_document_nor_plotly_nor_network(path: Path) -> None:
    code = without_comments(path.read_text(encoding="utf-8"))
    if path.name not in TOUCH_THE_DOCUMENT:
        assert not re.search(r"\b(document|window|localStorage|requestAnimationFrame)\.", code), path.name
    if path.name not in DRAW_WITH_PLOTLY:
        assert not re.search(r"\bPlotly\.", code), path.name
    if path.name not in FETCH:
        assert not re.search(r"\bfetch\(", code), path.name
    if path.name not in HOLD_THE_SOCKET:
        assert "new WebSocket" not in code, path.name


@pytest.mark.parametrize("path", scripts(SCRIPTS), ids=lambda path: path.name)
def test_only_main_knows_the_views(path: Path) -> None:
    if path.name != "main.js":
        assert not [name for name in script_imports(path) if "views/" in name]


@pytest.mark.parametrize("path", scripts(SCRIPTS / "views"), ids=lambda path: path.name)
def test_views_ask_through_the_store_and_the_actions_alone(path: Path) -> None:
    known = {"../api.js", "../stream.js", "../session.js", "../main.js", "../actions.js", "../url.js"}
    assert known.isdisjoint(script_imports(path))
    code = without_comments(path.read_text(encoding="utf-8"))
    assert "fetch(" not in code
    assert "innerHTML" not in code
