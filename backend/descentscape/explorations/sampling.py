"""A surface of a foreign cost as it is sampled: it may be stopped, gone on with, saved, and shared out."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import perf_counter
from typing import Any

import numpy as np

from descentscape.core.errors import InvalidValue
from descentscape.core.foreign.functions import Functions
from descentscape.core.foreign.objective import heights_over
from descentscape.core.landscape.extent import Extent
from descentscape.core.landscape.plane import Pair, Plane
from descentscape.core.landscape.surface import Surface, levels_of
from descentscape.core.objective import Array, Indices
from descentscape.core.parallel import available

Progress = bool | Callable[[int, int], object]
"""Whether a bar is shown, where tqdm is installed; or what is told how many points of how many are done."""

ALONE, SHARED = 0.05, 0.5
"""Seconds that a chunk of points is to take, on this thread and on an executor's."""

LARGEST_CHUNK = 1024
"""Points of a chunk at most."""


class Sampling:
    """The cost over resolution x resolution points of a plane's window, from coarse to fine.

    `run` fills it in; an interruption, or `stop` from anywhere else, leaves what is done, and another `run`
    goes on from there. ``surface`` is what there is, nan where nothing is yet.
    """

    def __init__(
        self, costs: Functions, plane: Plane, extent: Extent, resolution: int, path_range: Pair | None = None
    ) -> None:
        if resolution < 2:
            raise InvalidValue("resolution", "at least 2", resolution)
        self.plane, self.extent, self.resolution = plane, extent, resolution
        self._costs, self._path_range = costs, path_range
        self.a, self.b = (np.linspace(low, high, resolution) for low, high in extent)
        self._cost = np.full(resolution**2, np.nan)
        self._standing = np.zeros(resolution**2, bool)
        self._stopped = Event()

    @property
    def done(self) -> int:
        """How many points are done."""
        return int(self._standing.sum())

    @property
    def total(self) -> int:
        """How many points there are."""
        return len(self._cost)

    @property
    def complete(self) -> bool:
        """Whether all points are done."""
        return bool(self._standing.all())

    @property
    def surface(self) -> Surface:
        """The surface as far as it is sampled."""
        cost = np.where(np.isfinite(self._cost), self._cost, np.nan)
        shape = self.resolution, self.resolution
        return Surface(self.a, self.b, cost.reshape(shape), self.plane, self._path_range)

    @property
    def levels(self) -> int:
        """How many levels, from the coarsest on, are done."""
        standing = self._standing.reshape(self.resolution, self.resolution)
        done = [bool(standing[np.ix_(level, level)].all()) for level in levels_of(self.resolution)]
        return done.index(False) if False in done else len(done)

    def coarse(self) -> Surface:
        """The surface at the points of the finest level that is done; as it is where none is."""
        whole, done = self.surface, self.levels
        if not done:
            return whole
        places = levels_of(self.resolution)[done - 1]
        cost = whole.cost[np.ix_(places, places)]
        return Surface(self.a[places], self.b[places], cost, self.plane, self._path_range)

    def stop(self) -> None:
        """End the run that is under way, from another thread or from what is told the progress."""
        self._stopped.set()

    def run(self, *, progress: Progress = True, executor: Executor | None = None) -> Surface:
        """Sample what is missing, and return the surface: the whole one unless it was stopped.

        An ``executor`` of `concurrent.futures` takes chunks of points side by side: threads help where the
        cost releases the interpreter; processes need a cost that can be pickled.
        """
        self._stopped.clear()
        work = self._alone() if executor is None else self._shared(executor)
        with _told(progress, self.done, self.total) as tell:
            for _ in work:
                tell(self.done)
                if self._stopped.is_set():
                    break
        work.close()
        return self.surface

    def save(self, file: str | Path) -> None:
        """Write what is done to an NPZ file, to go on from it in another process."""
        with Path(file).open("wb") as out:
            np.savez(out, cost=self._cost, standing=self._standing, window=np.array(self._window()))

    def restore(self, file: str | Path) -> None:
        """Take over what was saved; InvalidValue where that is of another plane or window."""
        with np.load(file, allow_pickle=False) as saved:
            if str(saved["window"]) != self._window():
                raise InvalidValue("file", "a sampling of this plane, extent and resolution", str(file))
            self._cost, self._standing = saved["cost"], saved["standing"]

    def _window(self) -> str:
        digest = hashlib.sha256()
        for part in (self.plane.origin, self.plane.basis, self.a, self.b):
            digest.update(np.ascontiguousarray(part).data)
        return digest.hexdigest()

    def _missing(self) -> Iterator[Indices]:
        """The places of each level that are not done by the time it is begun, the coarsest first."""
        asked = np.zeros_like(self._standing)
        for level in levels_of(self.resolution):
            places = np.ravel_multi_index(np.ix_(level, level), (self.resolution,) * 2).ravel()
            left: Indices = places[~(self._standing | asked)[places]]
            asked[left] = True
            yield left

    def _points(self, places: Indices) -> Array:
        rows, columns = np.divmod(places, self.resolution)
        return np.column_stack([self.a[columns], self.b[rows]])

    def _chunks(self, seconds: float, shares: int = 1) -> Iterator[tuple[Indices, Callable[[float], None]]]:
        """Places, as many as take so long, and at most such a share of what is left of a level.

        Whoever works on them says how long they took.
        """
        size = 1

        def took(each: float) -> None:
            nonlocal size
            size = max(1, min(LARGEST_CHUNK, int(seconds / max(each, 1e-9))))

        for left in self._missing():
            while len(left):
                here = min(size, -(-len(left) // shares))
                chosen, left = left[:here], left[here:]
                yield chosen, took

    def _alone(self) -> Generator[None]:
        heights = heights_over(self._costs, self.plane.origin, self.plane.basis)
        for places, took in self._chunks(ALONE):
            began = perf_counter()
            with np.errstate(all="ignore"):
                self._stand(places, heights(self._points(places)))
            took((perf_counter() - began) / len(places))
            yield

    def _shared(self, executor: Executor) -> Generator[None]:
        most = 2 * available()
        chunks = self._chunks(SHARED, most)
        waiting: dict[Future[Any], tuple[Indices, Callable[[float], None]]] = {}
        try:
            while True:
                while len(waiting) < most and (chunk := next(chunks, None)) is not None:
                    future = executor.submit(_timed, self._costs, self.plane, self._points(chunk[0]))
                    waiting[future] = chunk
                if not waiting:
                    return
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    places, took = waiting.pop(future)
                    heights, each = future.result()
                    self._stand(places, heights)
                    took(each)
                yield
        finally:
            for future in waiting:
                future.cancel()

    def _stand(self, places: Indices, heights: Array) -> None:
        self._cost[places], self._standing[places] = heights, True

    def __repr__(self) -> str:
        return (
            f"<Sampling: {self.done:,} of {self.total:,} points in the {self.plane.kind} plane of "
            f"{self.plane.dim:,} parameters>"
        )


def _timed(costs: Functions, plane: Plane, points: Array) -> tuple[Array, float]:
    began = perf_counter()
    with np.errstate(all="ignore"):
        heights = heights_over(costs, plane.origin, plane.basis)(points)
    return heights, (perf_counter() - began) / len(points)


@contextmanager
def _told(progress: Progress, done: int, total: int) -> Iterator[Callable[[int], object]]:
    if callable(progress):
        yield lambda now: progress(now, total)
        return
    bar = _bar(done, total) if progress else None
    if bar is None:
        yield lambda now: None
        return
    with bar:
        yield lambda now: bar.update(now - bar.n)


def _bar(done: int, total: int) -> Any:
    """A bar of tqdm, None where it is not installed."""
    try:
        tqdm = importlib.import_module("tqdm.auto").tqdm
    except ImportError:
        return None
    return tqdm(total=total, initial=done, unit="point", desc="surface", leave=False)
