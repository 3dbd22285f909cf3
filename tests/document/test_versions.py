"""Documents of an earlier version are read for what they meant, links included.

`version-1.json` holds documents as they were written while version 1 was the newest: the menu's, one that uses
every field of the view, and a link. Beside each stands the hash of its dynamics as it was then.
"""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path
from typing import Any

import pytest

from descentscape.document.experiment import Experiment, dynamics_hash

FROZEN = json.loads(Path(__file__).with_name("version-1.json").read_text("utf-8"))
DOCUMENTS = {entry["id"]: entry for entry in FROZEN["documents"]}


def unpacked(link: str) -> Any:
    """The document that a link carries: deflated JSON in base64url."""
    packed = link.removeprefix("#x=")
    return json.loads(zlib.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)), wbits=-15))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_computed_stays_the_same(name: str) -> None:
    entry = DOCUMENTS[name]
    assert entry["document"]["version"] == 1
    assert dynamics_hash(Experiment.model_validate(entry["document"])) == entry["dynamics"]
    assert dynamics_hash(Experiment.model_validate_json(json.dumps(entry["document"]))) == entry["dynamics"]


def test_a_link_is_read() -> None:
    linked = unpacked(FROZEN["link"]["hash"])
    assert linked == FROZEN["link"]["document"]
    assert Experiment.model_validate(linked).view.stage == "contour"
