"""A kind is named in its own file and in its table; all else reads the table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from descentscape.document.planes import PLANES
from descentscape.output.exports import EXPORTS
from descentscape.studies import STUDIES

ROOT = Path(__file__).parents[1]
BACKEND, PAGE = ROOT / "backend" / "descentscape", ROOT / "frontend" / "js"
SOURCES = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for path in sorted([*BACKEND.rglob("*.py"), *PAGE.rglob("*.js")])
}

ORDINARY = {"gradient", "random", "points", "hessian", "json", "figure", "gif"}
"""Kinds that are words of other tables too: they are looked for only where a line speaks of a kind."""

MAY_NAME_A_PLANE = {
    "backend/descentscape/core/foreign/components.py": "the mathematics of paths too large for memory",
    "backend/descentscape/explorations/laying.py": "the planes of a foreign model, which has no document",
    "backend/descentscape/core/landscape/planes.py": "the mathematics, which says what it has laid",
    "frontend/js/document/experiment-types.js": "made from the schema, which the kinds make",
    "frontend/js/knobs/own-plane.js": "the page’s part of the one kind whose numbers a learner types",
}

PANEL = re.compile(r'Panel\} \*/\nexport const \w+ = \{\n  name: "([a-z-]+)"')
PANEL_NAMES = {
    found[1]
    for path in (PAGE / "panels").glob("*.js")
    if (
        found := re.search(
            r'Panel\} \*/\nexport const \w+ = \{\n  name: "([a-z-]+)"', path.read_text("utf-8")
        )
    )
}


def lines(*words: str, outside: str, allowed: set[str]) -> list[tuple[str, str]]:
    """Every line of code outside a folder that has one of the words, with the name of its file."""
    return [
        (name, line)
        for name, text in SOURCES.items()
        if not name.startswith(outside) and name not in allowed and any(word in text for word in words)
        for line in text.splitlines()
        if any(word in line for word in words)
    ]


def named(line: str, kind: str) -> bool:
    quoted = re.search(rf"""["']{kind}["']""", line)
    return bool(quoted) and (kind not in ORDINARY or re.search(r"\bkind\b", line) is not None)


def test_the_tables_are_read_at_all() -> None:
    assert {"pca", "axes", "custom"} <= set(PLANES)
    assert {"csv", "html", "npz"} <= set(EXPORTS)
    assert {"cost", "network", "step", "curvature"} <= PANEL_NAMES
    assert named('if plane.kind == "gradient":', "gradient")
    assert named('spec = "pca"', "pca")
    assert not named('direction: "gradient",', "gradient")


@pytest.mark.parametrize("kind", PLANES)
def test_a_plane_is_named_in_its_own_file_only(kind: str) -> None:
    spec = PLANES[kind].spec.__name__
    found = [
        (name, line)
        for name, line in lines(
            kind, spec, outside="backend/descentscape/document/planes/", allowed={*MAY_NAME_A_PLANE}
        )
        if named(line, kind) or re.search(rf"\b{spec}\b", line)
    ]
    assert found == []


@pytest.mark.parametrize("kind", EXPORTS)
def test_an_export_is_named_in_its_own_file_only(kind: str) -> None:
    found = [
        (name, line)
        for name, line in lines(kind, outside="backend/descentscape/output/exports/", allowed=set())
        if named(line, kind) and "text/html" not in line
    ]
    assert found == []


@pytest.mark.parametrize("kind", sorted(PANEL_NAMES))
def test_a_panel_is_named_in_its_own_file_only(kind: str) -> None:
    """Names of panels are words of the field as well: they are looked for where a tab or a panel is meant."""
    found = [
        (name, line)
        for name, line in lines(kind, outside="frontend/js/panels/", allowed=set())
        if re.search(rf"""\b(?:tab|panel)s?\b[^"']*["']{kind}["']""", line)
    ]
    assert found == []
    for path in (PAGE / "panels" / "panels.js", PAGE / "shell" / "phone.js"):
        assert not re.search(rf"""["']{kind}["']""", path.read_text("utf-8"))


@pytest.mark.parametrize("kind", STUDIES)
def test_a_study_is_answered_in_its_own_file_only(kind: str) -> None:
    """The page asks for studies by name; no other file of the service does."""
    request = STUDIES[kind].request
    own = "backend/" + request.__module__.replace(".", "/") + ".py"
    found = lines(request.__name__, outside=own, allowed={name for name in SOURCES if name.endswith(".js")})
    assert not [line for line in found if re.search(rf"\b{request.__name__}\b", line[1])]


def test_every_panel_is_a_line_of_the_registry() -> None:
    registry = (PAGE / "panels" / "registry.js").read_text("utf-8")
    listed = re.findall(r'^export \{ \w+ \} from "\./([a-z-]+)\.js";$', registry, re.MULTILINE)
    assert sorted(listed) == sorted(PANEL_NAMES)
