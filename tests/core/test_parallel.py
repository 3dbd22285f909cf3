from __future__ import annotations

import threading

import numpy as np
import pytest

from descentscape.core.parallel import spread


@pytest.mark.parametrize("count", [0, 1, 2, 3, 10])
def test_every_part_is_done_once(count):
    done = []
    spread(done.extend, range(count), processors=3)
    assert sorted(done) == list(range(count))


def test_shares_run_side_by_side():
    meeting = threading.Barrier(3, timeout=180)
    spread(lambda share: meeting.wait(), range(3), processors=3)


def test_an_error_in_any_share_reaches_the_caller():
    def work(share):
        if 1 in share:
            raise ArithmeticError("part 1")

    with pytest.raises(ArithmeticError, match="part 1"):
        spread(work, range(3), processors=3)


def test_the_callers_handling_of_overflow_holds_in_every_thread():
    with np.errstate(over="ignore"):
        spread(lambda share: np.exp(1e9 * np.ones(3)), range(3), processors=3)


def test_what_a_share_spreads_stays_on_its_thread():
    meeting = threading.Barrier(3, timeout=180)
    threads: dict[int, set[int]] = {}

    def outer(share):
        meeting.wait()
        own = threading.get_ident()
        spread(lambda part: threads.setdefault(own, set()).add(threading.get_ident()), range(9), processors=3)

    spread(outer, range(3), processors=3)
    assert len(threads) == 3
    assert all(inside == {own} for own, inside in threads.items())
