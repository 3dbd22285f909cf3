"""How many connections are open, and which goes when there is no room."""

from __future__ import annotations

import pytest

from api.wiring import Wire
from descentscape.api.ops.errors import ProblemError
from descentscape.api.wire.connections import Connections


class Line(Wire):
    """A transport of which only matters whether it was given up."""

    def close(self) -> None:
        self.closed = True


def entered(connections: Connections, address: str, *, working: bool = False) -> Line:
    line = Line(address)
    connections.enter(line, address)
    if working:
        connections.work(line)
    return line


def test_the_one_that_rested_longest_makes_room() -> None:
    connections = Connections(total=3, per_address=3)
    working, second, third = (entered(connections, name, working=name == "a") for name in "abc")
    entered(connections, "d")
    assert [line.aborted for line in (working, second, third)] == [False, True, False]
    assert len(connections) == 3


def test_a_request_under_way_is_not_cut_off_for_another() -> None:
    connections = Connections(total=2, per_address=2)
    for name in "ab":
        entered(connections, name, working=True)
    with pytest.raises(ProblemError, match="connections at once must be at most 2") as caught:
        entered(connections, "c")
    assert caught.value.status == 503
    assert len(connections) == 2


def test_an_address_makes_room_among_its_own() -> None:
    connections = Connections(total=9, per_address=2)
    other, own = entered(connections, "b"), entered(connections, "a")
    entered(connections, "a", working=True)
    entered(connections, "a", working=True)
    assert (own.aborted, other.aborted) == (True, False)
    with pytest.raises(ProblemError, match="connections from one address must be at most 2") as caught:
        entered(connections, "a")
    assert caught.value.status == 429


def test_who_has_had_an_answer_rests_behind_the_others() -> None:
    connections = Connections(total=2, per_address=2)
    answered, idle = entered(connections, "a", working=True), entered(connections, "b")
    connections.rest(answered)
    connections.rest(idle)
    entered(connections, "c")
    assert (answered.aborted, idle.aborted) == (False, True)


def test_places_come_back_once() -> None:
    connections = Connections(total=1, per_address=1)
    line = entered(connections, "a", working=True)
    connections.leave(line)
    connections.leave(line)
    connections.rest(line)
    assert len(connections) == 0
    entered(connections, "a", working=True)
    assert len(connections) == 1
