"""The arrows between the layers: core knows NumPy alone, only api knows the web."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "backend" / "descentscape"
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
