"""Documents of an earlier version, carried over to the names of the newest before they are validated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic_core import InitErrorDetails

from descentscape.document.field_errors import broken_rule, refuse
from descentscape.document.schema import Path

NEWEST: Final = 2

RENAMED: dict[int, tuple[tuple[Path, str], ...]] = {
    1: (
        (("view", "layers", "field"), "gradient_field"),
        (("view", "layers", "critical"), "critical_points"),
        (("view", "layers", "model"), "quadratic_model"),
        (("view", "layers", "null"), "random_walk"),
        (("view", "layers"), "overlays"),
        (("view", "ground"), "surface"),
        (("view", "travels"), "moving_plane"),
    )
}
"""By version, what the next one calls otherwise: where it stands, and its new name; inner ones come first."""


def upgraded(document: Any) -> Any:
    """The document in the newest version; without a version it is of the newest already.

    Raises pydantic's ValidationError for a version that is not read, and for a name that its version has not.
    """
    if not isinstance(document, Mapping) or "version" not in document:
        return document
    version = document["version"]
    if type(version) is not int or version not in {*RENAMED, NEWEST}:
        read = " or ".join(str(known) for known in (*RENAMED, NEWEST))
        refuse("Experiment", [broken_rule(("version",), read, version)])
    for earlier in range(version, NEWEST):
        refuse("Experiment", _too_new(document, earlier))
        for path, name in RENAMED[earlier]:
            document = _renamed(document, path, name)
    return {**document, "version": NEWEST}


def _too_new(document: Any, version: int) -> Iterator[InitErrorDetails]:
    """The names in a document that only the next version has."""
    for (*group, _), name in RENAMED[version]:
        place = document
        for part in group:
            place = place.get(part) if isinstance(place, Mapping) else None
        if isinstance(place, Mapping) and name in place:
            yield InitErrorDetails(type="extra_forbidden", loc=(*group, name), input=place[name])


def _renamed(document: Any, path: Path, name: str) -> Any:
    """A copy in which what stands at the path has the name; the same where nothing does."""
    head, *rest = path
    if not isinstance(document, Mapping) or head not in document:
        return document
    if rest:
        return {**document, head: _renamed(document[head], tuple(rest), name)}
    return {name if key == head else key: value for key, value in document.items()}
