"""The arrows between the page’s folders: wiring knows what draws, drawing the picture, and none looks up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[1] / "frontend" / "js"
MOST_FILES = 20

PURE = {"document", "wire", "model", "plot"}
BESIDE_EACH_OTHER = {"stage", "panels", "lab", "knobs", "shell", "guide", "layout", "classroom"}
"""What draws a part of the page; none knows another, and only main.js, later.js and alone.js know them."""

BELOW: dict[str, set[str]] = {
    "document": set(),
    "wire": {"document"},
    "model": {"document", "wire"},
    "plot": {"document", "wire", "model"},
    "ui": PURE,
    **{folder: {*PURE, "ui"} for folder in BESIDE_EACH_OTHER},
    "pictures": {*PURE, "ui", "stage"},
    "app": {*PURE, "ui"},
}
WIRING = {"app/main.js", "app/later.js", "app/alone.js"}

ONE_MODULE = {
    r"\bfetch\(": "app/api.js",
    r"\bWebSocket\b": "app/stream.js",
    r"\(window\)\.Plotly\b|\bwindow\.Plotly\b": "ui/plotly.js",
}
TOUCHES_THE_PAGE = (
    r"\b(?:document|window|navigator|location|history|localStorage|sessionStorage)\."
    r"|\b(?:requestAnimationFrame|addEventListener|matchMedia|getComputedStyle)\("
    r"|\bnew (?:XMLHttpRequest|EventSource|ResizeObserver|Image)\b"
)
MARKUP = r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write)\b"

IMPORT = re.compile(
    r"""(?:^(?:/\*\* @)?(?:import|export)\b(?:[^;'"]*?\bfrom)?\s*|\bimport\(\s*)["']([^"']+)["']""",
    re.MULTILINE,
)
"""Static and dynamic imports, re-exports, and the types that a comment imports."""

FILES = sorted(SCRIPTS.rglob("*.js"))
FOLDERS = sorted(path for path in SCRIPTS.iterdir() if path.is_dir())


def name(path: Path) -> str:
    return path.relative_to(SCRIPTS).as_posix()


@cache
def code(path: Path) -> str:
    """A module without its comments."""
    return re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def imports(path: Path) -> Iterator[Path]:
    for target in IMPORT.findall(path.read_text(encoding="utf-8")):
        assert target.startswith("."), f"{name(path)} imports {target}, which is not the page's own"
        yield (path.parent / target).resolve()


def folder(path: Path) -> str:
    return name(path).partition("/")[0]


def test_the_page_is_read_at_all() -> None:
    assert len(FILES) > 100
    assert sum(len(list(imports(path))) for path in FILES) > 500


def test_every_module_lies_in_a_folder_with_a_place_in_the_order() -> None:
    assert {folder(path) for path in FILES} == {path.name for path in FOLDERS} == set(BELOW)


def test_imports_lead_downward_to_files_that_exist() -> None:
    for path in FILES:
        wired = BESIDE_EACH_OTHER | {"pictures"} if name(path) in WIRING else set()
        known = BELOW[folder(path)] | {folder(path)} | wired
        for target in imports(path):
            assert target.is_file(), f"{name(path)} imports {target}"
            assert folder(target) in known, f"{name(path)} imports {name(target)}"


def test_no_file_leads_back_to_itself() -> None:
    try:
        TopologicalSorter(
            {name(path): {name(target) for target in imports(path)} for path in FILES}
        ).prepare()
    except CycleError as error:
        pytest.fail(f"cycle: {' <- '.join(error.args[1])}")


def test_a_folder_says_its_job_and_is_not_crowded() -> None:
    for path in FOLDERS:
        assert re.search(r"\w.*\.", (path / "README.md").read_text(encoding="utf-8")), path.name
        assert len(list(path.glob("*.js"))) <= MOST_FILES, path.name
        assert not [inner for inner in path.iterdir() if inner.is_dir()], path.name


def test_pure_modules_touch_neither_page_nor_network() -> None:
    pure = [path for path in FILES if folder(path) in PURE]
    assert [name(path) for path in pure if re.search(TOUCHES_THE_PAGE, code(path))] == []


@pytest.mark.parametrize(("use", "owner"), ONE_MODULE.items(), ids=ONE_MODULE.values())
def test_each_way_out_of_the_page_has_one_module(use: str, owner: str) -> None:
    assert [name(path) for path in FILES if re.search(use, code(path))] == [owner]


def test_no_string_is_read_as_markup() -> None:
    assert [name(path) for path in FILES if re.search(MARKUP, code(path))] == []
