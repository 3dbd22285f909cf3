"""ConnectionLimit for streams and the pace of their messages."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from descentscape.api.ops.errors import ProblemError
from descentscape.api.ops.limits import ConnectionLimit, TokenBucket


def test_places_run_out_and_come_back() -> None:
    places = ConnectionLimit("streams", total=3, per_address=2)
    with ExitStack() as stack:
        stack.enter_context(places.take("a"))
        stack.enter_context(places.take("a"))
        assert refusal(places, "a") == (429, "streams from one address must be at most 2, got one more")
        stack.enter_context(places.take("b"))
        assert refusal(places, "c") == (503, "streams at once must be at most 3, got one more")
        assert len(places) == 3
    assert len(places) == 0
    with places.take("a"):
        assert len(places) == 1


def refusal(places: ConnectionLimit, address: str) -> tuple[int, str]:
    with pytest.raises(ProblemError) as caught, places.take(address):
        pass
    assert caught.value.headers == {"Retry-After": "10"}
    return caught.value.status, caught.value.detail


def test_a_place_is_given_back_when_the_stream_fails() -> None:
    places = ConnectionLimit("streams", 1, 1)
    with pytest.raises(RuntimeError), places.take("a"):
        raise RuntimeError
    assert len(places) == 0


def test_pace_lets_a_burst_through_and_then_keeps_the_rate() -> None:
    pace = TokenBucket(10.0)
    waits = [pace.wait(0.0) for _ in range(25)]
    assert waits[:20] == [0.0] * 20
    assert waits[20:] == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5])


def test_pace_fills_up_again() -> None:
    pace = TokenBucket(10.0)
    for _ in range(20):
        pace.wait(0.0)
    assert pace.wait(0.05) == pytest.approx(0.05)
    assert [pace.wait(100.0) for _ in range(20)] == [0.0] * 20
    assert pace.wait(100.0) > 0


def test_what_costs_more_waits_longer() -> None:
    pace = TokenBucket(10.0)
    assert pace.wait(0.0, 20.0) == 0.0
    assert pace.wait(0.0, 5.0) == pytest.approx(0.5)
    assert pace.wait(1.0, 5.0) == 0.0
