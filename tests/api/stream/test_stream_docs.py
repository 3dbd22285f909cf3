"""docs/stream.md names every message, field, channel and frame that the code knows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from api.talking import MOONS, Talk
from clocks import Clock
from descentscape.api.ops.settings import Settings
from descentscape.api.stream import socket as stream
from descentscape.api.stream.messages import CHANNELS, DEFAULT_CHANNELS, MESSAGES, ServerType
from descentscape.output.frames import DTYPES, FrameKind
from descentscape.studies.inspection import Want

TEXT = (Path(__file__).parents[3] / "docs" / "stream.md").read_text()


def section(title: str) -> str:
    """What stands under a heading."""
    level, begun, after = TEXT.rpartition(f"# {title}")
    assert begun, f"docs/stream.md has no section {title}"
    return re.split(rf"^{level.rpartition(chr(10))[2]}# ", after, flags=re.MULTILINE)[0]


def row(name: str, text: str = TEXT) -> str:
    """The table row that begins with `name`."""
    found = re.search(rf"^\| `{re.escape(name)}` \|.*$", text, re.MULTILINE)
    assert found is not None, f"docs/stream.md has no row for {name}"
    return found[0]


@pytest.mark.parametrize("kind", MESSAGES)
def test_messages_of_the_client(kind: str) -> None:
    described = row(kind)
    for name in MESSAGES[kind].model_fields.keys() - {"type"}:
        assert f"`{name}`" in described


@pytest.mark.parametrize("kind", get_args(ServerType))
def test_messages_of_the_server(kind: str) -> None:
    assert row(kind, section("What the server says"))


@pytest.mark.parametrize("channel", CHANNELS)
def test_channels(channel: str) -> None:
    assert row(channel)


def test_default_channels() -> None:
    sentence = re.search(r"Without `channels`, `open` means (.*?)\.", TEXT, re.DOTALL)
    assert sentence is not None
    assert tuple(re.findall(r"`(\w+)`", sentence[1])) == DEFAULT_CHANNELS


@pytest.mark.parametrize("want", get_args(Want))
def test_wants(want: str) -> None:
    assert f"`{want}`" in TEXT


def test_frames() -> None:
    for kind in FrameKind:
        assert f"{int(kind)} {kind.name.lower()}" in TEXT
    for dtype in DTYPES:
        assert f"`{dtype}`" in TEXT


def test_close_codes() -> None:
    for code in (stream.SILENT, stream.BINARY, stream.SLOW, stream.FAILED):
        assert f"\n| {code} | " in TEXT


def test_every_field_of_the_answers() -> None:
    talk = Talk(Clock(tick=0.01)).say("open", experiment=MOONS | {"steps": 4000, "seed": 91}).say("play")
    talk.say("surface", id=1, resolution=9).say("nonsense").listen()
    assert {one["type"] for one in talk.heard if isinstance(one, dict)} == set(get_args(ServerType))
    for one in talk.heard:
        if isinstance(one, dict):
            described = row(one.pop("type"), section("What the server says"))
            named = set(re.findall(r"\w+", described))
            assert one.keys() <= named
            for field in ("plane", "estimate"):
                assert dict(one.get(field) or {}).keys() <= named
        else:
            described = section(f"{one.kind.name.capitalize()} (kind {one.kind:d})")
            assert one.meta.keys() <= set(re.findall(r"\w+", described))


def test_limits_are_the_settings() -> None:
    settings = Settings()
    assert f"{settings.sockets} streams, {settings.sockets_per_address} from one address" in TEXT
    assert f"read at {settings.messages_per_second:g} a second in the long run" in TEXT
    assert f"unread for {settings.send_seconds:g} s" in TEXT
    assert settings.body_bytes == 1 << 20
    assert "1 MiB" in TEXT
