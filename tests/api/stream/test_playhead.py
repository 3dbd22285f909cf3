"""The playhead, on a clock of our own."""

from __future__ import annotations

import pytest

from descentscape.api.stream.playhead import Playhead


def test_stands_until_played() -> None:
    head = Playhead()
    assert head.position(100.0, 500) == 0
    assert head.wait(100.0, 500) is None


def test_unbounded_speed_is_at_the_end_at_once() -> None:
    assert Playhead().play(3.0, 500, None).position(3.0, 500) == 500


def test_moves_with_the_clock_and_stops_at_the_end() -> None:
    head = Playhead().play(10.0, 30, 20.0)
    assert [head.position(10.0 + t, 30) for t in (0, 0.049, 0.051, 1.0, 9.0)] == [0, 0, 1, 20, 30]
    assert head.wait(10.0, 30) == pytest.approx(0.05)
    assert head.wait(10.12, 30) == pytest.approx(0.03)
    assert head.wait(12.0, 30) is None


def test_a_change_of_speed_keeps_the_place() -> None:
    head = Playhead().play(0.0, 100, 10.0).play(2.0, 100, 1.0)
    assert head.position(2.0, 100) == 20
    assert head.position(5.0, 100) == 23


def test_pause_and_seek() -> None:
    paused = Playhead().play(0.0, 100, 10.0).pause(1.55, 100)
    assert paused.position(50.0, 100) == 15
    assert paused.seek(60.0, 40).position(70.0, 100) == 40
    playing = paused.play(60.0, 100, 10.0).seek(61.0, 80)
    assert playing.position(61.5, 100) == 85


def test_pause_of_a_head_at_unbounded_speed_stands_at_the_end() -> None:
    assert Playhead().play(0.0, 100, None).pause(0.0, 100).position(0.0, 100) == 100


def test_the_end_may_move_on() -> None:
    head = Playhead().play(0.0, 100, None)
    assert head.position(1.0, 250) == 250
