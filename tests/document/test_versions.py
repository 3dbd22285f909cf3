"""Documents of an earlier version are read for what they meant, links included.

`version-1.json` holds documents as they were written while version 1 was the newest: the menu's, one that
uses every field of the view, and a link. Beside each stands the hash of its dynamics as it was then; beside
some, the same document written by hand in the newest version. The page's test reads the same file.
"""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from descentscape.document.catalog import catalog
from descentscape.document.experiment import Experiment, dynamics_hash, minimal
from descentscape.document.field_errors import field_errors
from descentscape.document.upgrade import upgraded

FROZEN = json.loads(Path(__file__).with_name("version-1.json").read_text("utf-8"))
DOCUMENTS = {entry["id"]: entry for entry in FROZEN["documents"]}


def unpacked(link: str) -> Any:
    """The document that a link carries: deflated JSON in base64url."""
    packed = link.removeprefix("#x=")
    return json.loads(zlib.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)), wbits=-15))


def refusal(document: dict[str, Any]) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        Experiment.model_validate(document)
    return [str(error) for error in field_errors(caught.value)]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_computed_stays_the_same(name: str) -> None:
    entry = DOCUMENTS[name]
    assert entry["document"]["version"] == 1
    for experiment in (
        Experiment.model_validate(entry["document"]),
        Experiment.model_validate_json(json.dumps(entry["document"])),
    ):
        assert dynamics_hash(experiment) == entry["dynamics"]
        assert minimal(experiment)["version"] == 2
        assert Experiment.model_validate(experiment.model_dump(mode="json")) == experiment


def test_what_is_shown_stays_the_same() -> None:
    before = DOCUMENTS["every-view-field"]["document"]
    frozen = json.dumps(before)
    assert upgraded(before) == FROZEN["every-view-field"]
    assert json.dumps(before) == frozen
    assert Experiment.model_validate(before) == Experiment.model_validate(FROZEN["every-view-field"])


def test_the_document_of_every_view_field_leaves_nothing_at_its_default() -> None:
    plain, shown = (
        Experiment.model_validate(each).view.model_dump() for each in ({}, FROZEN["every-view-field"])
    )
    assert [name for name, value in shown.items() if value == plain[name]] == []
    assert [name for name, value in shown["overlays"].items() if value == plain["overlays"][name]] == []


def test_a_link_is_read() -> None:
    linked = unpacked(FROZEN["link"]["hash"])
    assert linked == FROZEN["link"]["document"]
    assert minimal(Experiment.model_validate(linked)) == minimal(
        Experiment.model_validate(FROZEN["link"]["newest"])
    )


def test_the_page_is_told_the_same_names() -> None:
    assert catalog()["renamed"] == FROZEN["renamed"]


@pytest.mark.parametrize("version", [0, 3, -1, 10**30, 1.0, "1", True, None, [1]])
def test_other_versions_are_refused(version: Any) -> None:
    (said,) = refusal({"version": version, "steps": 5})
    assert said.startswith("version must be 1 or 2, got ")


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"version": 1, "view": {"surface": "batch"}}, "view.surface"),
        ({"version": 1, "view": {"ground": "test", "surface": "batch"}}, "view.surface"),
        ({"version": 1, "view": {"overlays": {}}}, "view.overlays"),
        ({"version": 1, "view": {"layers": {"random_walk": True}}}, "view.layers.random_walk"),
        ({"version": 1, "view": {"layers": {"fields": True}}}, "view.overlays.fields"),
        ({"version": 2, "view": {"ground": "batch"}}, "view.ground"),
        ({"view": {"layers": {}}}, "view.layers"),
        ({"view": {"overlays": {"null": True}}}, "view.overlays.null"),
    ],
)
def test_a_name_of_another_version_is_unknown(document: dict[str, Any], field: str) -> None:
    (said,) = refusal(document)
    assert said.startswith(f"{field} must be left out, there is no such field, got ")


@pytest.mark.parametrize("view", [None, [], "3d", {"layers": None}, {"layers": [True]}])
def test_what_is_no_group_is_refused_as_ever(view: Any) -> None:
    (said,) = refusal({"version": 1, "view": view})
    assert "must be an object" in said
