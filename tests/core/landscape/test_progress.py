from __future__ import annotations

from itertools import pairwise

import numpy as np

from clocks import Clock
from core.toy_objectives import Quadratic
from descentscape.core.landscape.progress import CHUNK_SECONDS, paced

SMALL = Quadratic(np.eye(2), np.zeros(2))


def test_slices_cover_all_there_is_once() -> None:
    seen: list[int] = []
    done = list(paced(SMALL, lambda part: seen.extend(range(100)[part]), 100, first=3, most=20))
    assert seen == list(range(100))
    assert done[0] == 3
    assert done[-1] == 100
    assert max(b - a for a, b in pairwise(done)) <= 20


def test_slow_work_is_cut_into_small_slices() -> None:
    sizes: list[int] = []
    clock = Clock()

    def work(part: slice) -> None:
        sizes.append(part.stop - part.start)
        clock.now += CHUNK_SECONDS / 5.5 * sizes[-1]

    for _ in paced(SMALL, work, 30, first=10, most=1000, clock=clock):
        pass
    assert sizes[0] == 10
    assert sizes[1:] == [5, 5, 5, 5]
