"""Settings from the environment."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from descentscape.api.ops.settings import Settings, read_settings, unknown_variables
from descentscape.core.errors import InvalidValue


def test_defaults_need_no_environment() -> None:
    assert read_settings() == Settings.model_construct()


def test_every_kind_of_setting_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "DESCENTSCAPE_HOSTS": "class.example.org, *.school.example,",
        "DESCENTSCAPE_ORIGINS": "https://Class.example.org, http://[::1]:8000",
        "DESCENTSCAPE_FRAME_ANCESTORS": "https://lms.example, http://*.School.example:8080",
        "DESCENTSCAPE_SOCKETS": "12",
        "DESCENTSCAPE_SEND_SECONDS": "2.5",
        "DESCENTSCAPE_ROOT_PATH": "/lab",
        "SOCKETS": "99",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = read_settings(calls=3)
    assert settings.calls == 3
    assert settings.hosts == ("class.example.org", "*.school.example")
    assert settings.origins == ("https://class.example.org", "http://[::1]:8000")
    assert settings.frame_ancestors == ("https://lms.example", "http://*.School.example:8080")
    assert (settings.sockets, settings.send_seconds, settings.root_path) == (12, 2.5, "/lab")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SOCKETS", "many", "DESCENTSCAPE_SOCKETS must be a whole number, got 'many'"),
        ("SOCKETS", "0", "DESCENTSCAPE_SOCKETS must be more than 0, got '0'"),
        ("PROCESSES", "65", "DESCENTSCAPE_PROCESSES must be at most 64, got '65'"),
        ("IDLE_SECONDS", "nan", "DESCENTSCAPE_IDLE_SECONDS must be at most 1000000000"),
        ("IDLE_SECONDS", "inf", "DESCENTSCAPE_IDLE_SECONDS must be at most 1000000000"),
        ("STORE_BYTES", "1" + "0" * 30, "DESCENTSCAPE_STORE_BYTES must be at most 1125899906842624"),
        ("STORE_BYTES", "1" * 5000, "DESCENTSCAPE_STORE_BYTES must be a whole number"),
        ("THREADS", "65", "DESCENTSCAPE_THREADS must be at most 64"),
        (
            "HOSTS",
            "https://class.example.org",
            "DESCENTSCAPE_HOSTS must be host names like class.example.org",
        ),
        ("HOSTS", "class.example.org:8000", "must be host names"),
        ("ORIGINS", "class.example.org", "DESCENTSCAPE_ORIGINS must be origins like https://class.example"),
        ("ORIGINS", "https://class.example.org/", "must be origins"),
        (
            "FRAME_ANCESTORS",
            "*",
            "DESCENTSCAPE_FRAME_ANCESTORS must be at most 20 origins like https://lms.example",
        ),
        ("FRAME_ANCESTORS", "lms.example", "must be at most 20 origins"),
        ("FRAME_ANCESTORS", "https://lms.example/course", "must be at most 20 origins"),
        ("FRAME_ANCESTORS", "https://lms.example; script-src *", "must be at most 20 origins"),
        ("FRAME_ANCESTORS", "https://a.example https://b.example", "must be at most 20 origins"),
        ("FRAME_ANCESTORS", "https://lms.example\r\nX: y", "must be at most 20 origins"),
        ("FRAME_ANCESTORS", "javascript://x", "must be at most 20 origins"),
        ("FRAME_ANCESTORS", f"https://{'a' * 254}.example", "must be at most 20 origins"),
        ("FRAME_ANCESTORS", ",".join(["https://a.example"] * 21), "must be at most 20 origins"),
        ("LOG", "xml", "DESCENTSCAPE_LOG must be 'console' or 'json'"),
        ("ROOT_PATH", "lab", "DESCENTSCAPE_ROOT_PATH must be empty or a path like"),
        ("ROOT_PATH", "/lab/", "DESCENTSCAPE_ROOT_PATH must be empty or a path like"),
        ("ROOT_PATH", "/lab?x", "DESCENTSCAPE_ROOT_PATH must be empty or a path like"),
    ],
)
def test_refused(name: str, value: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"DESCENTSCAPE_{name}", value)
    with pytest.raises(InvalidValue, match=words):
        read_settings()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_number_has_an_end(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"DESCENTSCAPE_{name.upper()}", "9" * 300)
    if name != "store":
        with pytest.raises(InvalidValue, match=f"DESCENTSCAPE_{name.upper()} must be"):
            read_settings()


def test_mistyped_variables_are_told() -> None:
    names = ["DESCENTSCAPE_SOCKETS", "descentscape_log", "DESCENTSCAPE_SOCKET", "PATH"]
    assert unknown_variables(names) == ("DESCENTSCAPE_SOCKET",)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented_with_its_default(name: str) -> None:
    text = (Path(__file__).parents[3] / "docs" / "service.md").read_text()
    row = re.search(rf"^\| `DESCENTSCAPE_{name.upper()}` \| (.*?) ?\|", text, re.MULTILINE)
    assert row is not None
    default = Settings.model_fields[name].default
    if isinstance(default, (int, float)):
        assert row[1] == f"{default:.10g}"
