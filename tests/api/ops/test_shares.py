"""How many processes serve, and what each of them takes."""

from __future__ import annotations

import pytest

from descentscape.api.ops import shares
from descentscape.api.ops.settings import Settings


@pytest.mark.parametrize(
    ("host", "cores", "given", "processes"),
    [
        ("127.0.0.1", 8, {}, 1),
        ("localhost", 1, {}, 1),
        ("::1", 8, {}, 1),
        ("0.0.0.0", 1, {}, 1),
        ("0.0.0.0", 2, {}, 2),
        ("192.168.1.20", 8, {}, 4),
        ("teacher.local", 3, {}, 3),
        ("127.0.0.1", 2, {"processes": 6}, 6),
        ("0.0.0.0", 2, {"processes": 1}, 1),
    ],
)
def test_how_many_there_are(
    host: str,
    cores: int,
    given: dict[str, int],
    processes: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shares, "cores", lambda: cores)
    assert shares.counted(Settings(**given), host).processes == processes


def test_memory_is_shared_and_all_else_holds_for_each() -> None:
    all_together = Settings(processes=4, memory_bytes=1000, cache_bytes=3)
    each = shares.of_each(all_together)
    assert (each.memory_bytes, each.cache_bytes) == (250, 1)
    assert each.inbox_bytes == all_together.inbox_bytes // 4
    assert each.outbox_bytes == all_together.outbox_bytes // 4
    assert each.sockets == all_together.sockets
    assert shares.of_each(Settings(processes=1)) == Settings(processes=1)
