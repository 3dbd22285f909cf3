"""Frames that are shared: made once, bounded in bytes, the least recently sent given up first."""

from __future__ import annotations

from descentscape.api.ops.frame_cache import SMALL_BYTES, FrameCache


class Maker:
    """Makes frames of some size, and counts them."""

    def __init__(self, size: int) -> None:
        self.size, self.made = size, 0

    def __call__(self) -> bytes:
        self.made += 1
        return bytes(self.size)


def test_a_frame_is_made_once() -> None:
    cache, make = FrameCache(), Maker(100)
    assert cache.get("a", make) is cache.get("a", make)
    cache.get("b", make)
    assert (make.made, cache.nbytes) == (2, 200)


def test_beyond_the_budget_the_least_recently_sent_go() -> None:
    cache, make = FrameCache(budget=300), Maker(100)
    for key in "abcad":
        cache.get(key, make)
    assert (make.made, cache.nbytes) == (4, 300)
    for key in "acd":
        cache.get(key, make)
    assert make.made == 4
    cache.get("b", make)
    assert (make.made, cache.nbytes) == (5, 300)


def test_large_frames_are_not_held() -> None:
    cache, make = FrameCache(), Maker(SMALL_BYTES + 1)
    cache.get("a", make)
    cache.get("a", make)
    assert (make.made, cache.nbytes) == (2, 0)


def test_two_who_make_the_same_at_once_are_counted_once() -> None:
    cache, make = FrameCache(), Maker(100)

    def meanwhile() -> bytes:
        cache.get("a", make)
        return make()

    cache.get("a", meanwhile)
    assert (make.made, cache.nbytes) == (2, 100)
