"""Places for streams and the pace of their messages."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from descentscape.api.errors import ProblemError
from descentscape.api.limits import Pace, Places


def test_places_run_out_and_come_back() -> None:
    places = Places(total=3, per_address=2)
    with ExitStack() as stack:
        stack.enter_context(places.take("a"))
        stack.enter_context(places.take("a"))
        with pytest.raises(ProblemError, match="at most 2") as caught, places.take("a"):
            pass
        assert caught.value.status == 429
        stack.enter_context(places.take("b"))
        with pytest.raises(ProblemError, match="full") as caught, places.take("c"):
            pass
        assert caught.value.status == 503
        assert caught.value.headers == {"Retry-After": "30"}
        assert len(places) == 3
    assert len(places) == 0
    with places.take("a"):
        assert len(places) == 1


def test_a_place_is_given_back_when_the_stream_fails() -> None:
    places = Places(1, 1)
    with pytest.raises(RuntimeError), places.take("a"):
        raise RuntimeError
    assert len(places) == 0


def test_pace_lets_a_burst_through_and_then_keeps_the_rate() -> None:
    pace = Pace(10.0)
    waits = [pace.wait(0.0) for _ in range(25)]
    assert waits[:20] == [0.0] * 20
    assert waits[20:] == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5])


def test_pace_fills_up_again() -> None:
    pace = Pace(10.0)
    for _ in range(20):
        pace.wait(0.0)
    assert pace.wait(0.05) == pytest.approx(0.05)
    assert [pace.wait(100.0) for _ in range(20)] == [0.0] * 20
    assert pace.wait(100.0) > 0
