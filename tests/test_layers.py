"""The rooms of the backend: arrows run downward only, no file is in a cycle, every folder says its job."""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "backend" / "descentscape"
WEB = {"fastapi", "starlette", "uvicorn", "websockets", "asyncio", "anyio"}
MOST_FILES = 22

ROOMS = (
    ("__main__",),
    ("cli",),
    ("",),
    ("showing",),
    ("api",),
    ("api.http",),
    ("api.stream",),
    ("api.wire",),
    ("api.ops",),
    ("api.apart",),
    ("explorations",),
    ("studies",),
    ("output",),
    ("compute",),
    ("readers",),
    ("document",),
    ("core.explain",),
    ("core.foreign",),
    ("core.landscape",),
    ("core.descent",),
    ("core.network", "core.data", "core.formulas", "core.optimizers"),
    ("core.autodiff",),
    ("core", "version"),
)
"""Rooms from the top down; rooms of one row do not know each other. "" is the public Python API."""


def modules() -> dict[str, Path]:
    """Every file by its dotted name below the package; a package by its own."""
    return {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Every module that a file imports: at its top, inside a function, or for its types alone."""
    return tuple(_imports(ast.parse(path.read_text(encoding="utf-8"))))


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_imports(path: Path, known: set[str]) -> set[str]:
    """The package's own modules among what a file imports."""
    found = set()
    for full in imports(path):
        if full.split(".")[0] == "descentscape":
            name = full.removeprefix("descentscape").lstrip(".")
            found.add(name if name in known else name.rpartition(".")[0])
    return found - {name_of(path)}


@cache
def room_of(name: str) -> str:
    """The room that a module stands in: a file of the package's root is one of its own.

    A folder without a row is a part of the room around it.
    """
    inside = name if ALL[name].name == "__init__.py" else name.rpartition(".")[0]
    while inside and not any(inside in rooms for rooms in ROOMS):
        inside = inside.rpartition(".")[0]
    return inside or name


def floor_of(room: str) -> int:
    return next(len(ROOMS) - row for row, rooms in enumerate(ROOMS) if room in rooms)


ALL = modules()


def test_arrows_run_downward() -> None:
    for name, path in ALL.items():
        room = room_of(name)
        for target in own_imports(path, set(ALL)):
            other = room_of(target)
            assert other == room or floor_of(other) < floor_of(room), f"{name} imports {target}"


def test_no_file_is_in_a_cycle() -> None:
    arrows = {name: own_imports(path, set(ALL)) for name, path in ALL.items()}
    while free := [name for name, targets in arrows.items() if not targets & set(arrows)]:
        for name in free:
            del arrows[name]
    assert not arrows, f"in a cycle, or above one: {sorted(arrows)}"


def test_every_folder_says_its_job_in_a_sentence() -> None:
    for folder in {path.parent for path in ALL.values()}:
        docstring = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
        assert docstring, folder.name
        assert docstring.splitlines()[0].endswith("."), folder.name


def test_no_folder_is_crowded() -> None:
    counts = Counter(path.parent for path in ALL.values() if path.name != "__init__.py")
    assert {folder.name: count for folder, count in counts.items() if count > MOST_FILES} == {}


CORE = [name for name in ALL if name.split(".")[0] == "core"]


def test_core_knows_numpy_and_the_standard_library_only_but_for_what_is_compiled() -> None:
    for name in CORE:
        compiling = name.startswith("core.network.kernel.") or name == "core.descent.compiled"
        compiler = {"numba", "llvmlite"} if compiling else set()
        allowed = {*sys.stdlib_module_names, "numpy", "descentscape", *compiler} - WEB
        assert {module.split(".")[0] for module in imports(ALL[name])} <= allowed, name


def test_core_draws_no_random_number_from_a_global_state() -> None:
    drawn = re.compile(r"np\.random\.(?!default_rng|Generator|SeedSequence)|\bimport random\b")
    assert [name for name in CORE if drawn.search(ALL[name].read_text(encoding="utf-8"))] == []


def test_only_the_api_knows_the_web() -> None:
    for name, path in ALL.items():
        if name.split(".")[0] != "api":
            assert WEB.isdisjoint(module.split(".")[0] for module in imports(path)), name


def test_nothing_evaluates_or_unpickles() -> None:
    for name, path in ALL.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"eval", "exec", "compile", "__import__"}, (
                    f"{name} calls {node.func.id}"
                )
    pickling = {name for name in ALL if "pickle" in {each.split(".")[0] for each in imports(ALL[name])}}
    # The service tells its own helper what to do, which answers in plain bytes.
    assert pickling == {"api.apart.helper", "api.apart.process"}


def test_nothing_waits_by_a_clock_that_can_be_set() -> None:
    wall = re.compile(r"\btime\.time(_ns)?\b|\bfrom time import .*\btime\b|\bdatetime\.(now|utcnow|today)\b")
    looking = {name for name, path in ALL.items() if wall.search(path.read_text(encoding="utf-8"))}
    assert looking == {"api.doctor.facts", "core.network.kernel.cache"}  # which compare it with files
