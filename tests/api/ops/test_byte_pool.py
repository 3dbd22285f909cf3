"""Bytes that many clients hold together."""

from __future__ import annotations

import pytest

from descentscape.api.ops.byte_pool import OWN, BytePool
from descentscape.api.ops.errors import ProblemError

LIMIT = 4 * OWN


def test_a_share_is_full_at_its_own_bound() -> None:
    share = BytePool(LIMIT).share(lambda: None, each=100)
    share.hold(99)
    assert not share.full
    share.hold(100)
    assert share.full


def test_who_holds_little_goes_on_when_others_hold_much() -> None:
    pool = BytePool(LIMIT)
    greedy, modest = (pool.share(lambda: None) for _ in range(2))
    greedy.hold(LIMIT)
    modest.hold(OWN)
    assert (greedy.full, modest.full) == (True, False)
    modest.hold(OWN + 1)
    assert modest.full
    assert pool.nbytes == LIMIT + OWN + 1


def test_all_are_told_once_there_is_room() -> None:
    pool = BytePool(LIMIT)
    told: list[str] = []
    first, _second = (pool.share(lambda name=name: told.append(name)) for name in ("first", "second"))
    first.hold(LIMIT)
    assert told == []
    first.hold(LIMIT - 1)
    assert sorted(told) == ["first", "second"]
    first.hold(0)
    assert len(told) == 2


def test_what_is_closed_holds_nothing_and_is_told_nothing() -> None:
    pool = BytePool(LIMIT)
    told: list[None] = []
    share = pool.share(lambda: told.append(None))
    share.hold(LIMIT)
    share.close()
    assert pool.nbytes == 0
    assert told == []


def test_what_does_not_fit_is_refused() -> None:
    pool = BytePool(1000)
    with pool.take("answer", 600):
        with pytest.raises(ProblemError, match="answer takes 401 bytes") as caught, pool.take("answer", 401):
            pass
        assert (caught.value.status, caught.value.headers) == (503, {"Retry-After": "10"})
        with pool.take("answer", 400):
            assert pool.nbytes == 1000
    assert pool.nbytes == 0
