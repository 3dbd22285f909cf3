"""As many connections as there are file descriptors for."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from descentscape.api.wire import descriptors
from descentscape.api.wire.descriptors import RESERVED, room_for

UNBOUNDED = -1


@pytest.mark.parametrize(
    ("limits", "room", "set_to"),
    [
        ((4096, 4096), 1000, None),
        ((256, 4096), 1000, (1000 + RESERVED, 4096)),
        ((256, UNBOUNDED), 1000, (1000 + RESERVED, UNBOUNDED)),
        ((256, 512), 512 - RESERVED, (512, 512)),
        ((UNBOUNDED, UNBOUNDED), 1000, None),
        ((100, 100), 50, None),
        ((64, 64), 32, None),
        ((20, 20), 1, None),
    ],
)
def test_the_limit_is_raised_as_far_as_it_takes(
    limits: tuple[int, int], room: int, set_to: tuple[int, int] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[int, int]] = []
    fake = SimpleNamespace(
        RLIMIT_NOFILE=7,
        RLIM_INFINITY=UNBOUNDED,
        getrlimit=lambda which: limits,
        setrlimit=lambda which, new: calls.append(new),
    )
    monkeypatch.setattr(descriptors, "resource", fake)
    assert room_for(1000) == room
    assert calls == ([] if set_to is None else [set_to])


def test_where_sockets_are_no_descriptors_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(descriptors, "resource", None)
    assert room_for(1000) == 1000
