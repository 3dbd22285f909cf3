"""Settings from the environment."""

from __future__ import annotations

import re
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

import pytest

from descentscape.api.ops.settings import Settings
from descentscape.core.errors import InvalidValue


def test_defaults_need_no_environment() -> None:
    assert Settings.from_environment({}) == Settings()


def test_every_kind_of_setting_is_read() -> None:
    settings = Settings.from_environment(
        {
            "DESCENTSCAPE_HOSTS": "class.example.org, *.school.example,",
            "DESCENTSCAPE_SOCKETS": "12",
            "DESCENTSCAPE_SEND_SECONDS": "2.5",
            "DESCENTSCAPE_ROOT_PATH": "/lab",
            "SOCKETS": "99",
        }
    )
    assert settings.hosts == ("class.example.org", "*.school.example")
    assert (settings.sockets, settings.send_seconds, settings.root_path) == (12, 2.5, "/lab")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SOCKETS", "many", "DESCENTSCAPE_SOCKETS must be a number"),
        ("SOCKETS", "0", "DESCENTSCAPE_SOCKETS must be more than 0, got 0"),
        ("IDLE_SECONDS", "nan", "DESCENTSCAPE_IDLE_SECONDS must be more than 0"),
        ("ROOT_PATH", "lab", "DESCENTSCAPE_ROOT_PATH must be empty or a path like"),
        ("ROOT_PATH", "/lab/", "DESCENTSCAPE_ROOT_PATH must be empty or a path like"),
    ],
)
def test_refused(name: str, value: str, words: str) -> None:
    with pytest.raises(InvalidValue, match=words):
        Settings.from_environment({f"DESCENTSCAPE_{name}": value})


@pytest.mark.parametrize("setting", fields(Settings), ids=lambda setting: setting.name)
def test_every_setting_is_documented_with_its_default(setting: Field[Any]) -> None:
    text = (Path(__file__).parents[3] / "docs" / "service.md").read_text()
    row = re.search(rf"^\| `DESCENTSCAPE_{setting.name.upper()}` \| (.*?) ?\|", text, re.MULTILINE)
    assert row is not None
    if isinstance(setting.default, (int, float)):
        assert row[1] == f"{setting.default:.10g}"
