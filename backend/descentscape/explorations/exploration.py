"""A foreign model's cost with its training runs, seen in a plane."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from descentscape.compute.computation import Computation
from descentscape.compute.results import Results, RunResult
from descentscape.compute.window import Window
from descentscape.core.foreign.paths import shadow_of
from descentscape.core.landscape.curvature import Curvature, spectrum
from descentscape.core.landscape.extent import Extent, fit_extent
from descentscape.core.landscape.filters import Normalization
from descentscape.core.landscape.plane import Plane
from descentscape.core.landscape.planes import Center
from descentscape.core.landscape.surface import Surface
from descentscape.core.number_format import percent
from descentscape.core.objective import Array
from descentscape.core.time_slices import run_to_completion
from descentscape.explorations.known import document_of
from descentscape.explorations.laying import Lay, Laying, Place
from descentscape.explorations.sampling import Progress, Sampling

if TYPE_CHECKING:
    from pandas import DataFrame  # type: ignore[import-untyped]
    from plotly.graph_objects import Figure  # type: ignore[import-untyped]

RESOLUTION = 51
"""Points along each side of a surface, unless it is said: a call of the cost for each of their square."""

Sampled = tuple[Extent, int]


@dataclass(frozen=True, eq=False)
class Exploration:
    """A cost over P parameters and the runs that went down it, seen in a plane.

    ``results`` is what `ds.run` returns, ``runs``, ``plane`` and ``extent`` are those of it; each is found
    when it is first asked for. `ds.surface`, `ds.curvature`, `ds.figure`, `ds.animation`, `ds.page` and
    `ds.show` take an exploration in place of an experiment. `pca`, `random`, `hessian`, `points`, `axes` and
    `custom` give the same cost and runs in another plane.
    """

    label: str
    laying: Laying
    lay: Lay
    _samplings: dict[Sampled, Sampling] = field(default_factory=dict)

    @cached_property
    def plane(self) -> Plane:
        """The plane, with the shares of the runs' variance that it holds, and those of random walks."""
        return self.lay(self.laying)

    @cached_property
    def extent(self) -> Extent:
        """A window of the plane that holds all runs."""
        return fit_extent([shadow_of(run.path, self.plane).path for run in self.laying.runs])

    @cached_property
    def computation(self) -> Computation:
        """What results and files are made from: the runs' costs, and slopes where gradients are known."""
        window = Window(self.plane, self.extent, provisional=False, generation=0)
        computation = Computation(document_of(self.laying.model, self.laying.runs), self.laying.cache)
        computation.keep(window)
        return computation.finish()

    @cached_property
    def results(self) -> Results:
        """The runs and their window, as `ds.run` returns them."""
        return self.computation.results()

    @property
    def runs(self) -> tuple[RunResult, ...]:
        """The runs in the plane, as `ds.run`'s."""
        return self.results.runs

    def to_pandas(self) -> DataFrame:
        """All runs below one another, a row for every entry: see `Results.to_pandas`."""
        return self.results.to_pandas()

    @property
    def parameters(self) -> int:
        """P."""
        return self.laying.objective.dim

    def pca(self, center: Center = "mean") -> Exploration:
        """In the plane of the runs' two principal components, about their mean, start or end."""
        return self._seen(lambda laying: laying.pca(center))

    def random(
        self,
        normalization: Normalization = "filter",
        *,
        biases: bool = True,
        seed: int = 0,
        origin: Place | None = None,
    ) -> Exploration:
        """In a plane of two Gaussian directions through a place, the first run's end if none is said.

        By ``filter`` each unit's or channel's part is scaled to the norm of its weights there, with its bias
        or, without ``biases``, with zeros in place of biases and of normalisations' scales, as Li et al.
        (2018) publish it; by ``layer`` each layer's.
        """
        return self._seen(lambda laying: laying.random(normalization, biases, seed, origin))

    def hessian(self, at: Place | None = None) -> Exploration:
        """In the plane of the highest and the lowest curvature at a place, the first run's end at last."""
        return self._seen(lambda laying: laying.hessian(at))

    def points(self, first: Place, second: Place, third: Place) -> Exploration:
        """In the plane through three places: steps of the first run, (run, step), or thetas."""
        return self._seen(lambda laying: laying.points((first, second, third)))

    def axes(self, first: int, second: int) -> Exploration:
        """In the plane of two parameters, by their places in theta."""
        return self._seen(lambda laying: laying.axes((first, second)))

    def custom(self, basis: Sequence[Sequence[float]] | Array, origin: Place | None = None) -> Exploration:
        """In the plane of two given directions ``(2, P)`` through a place."""
        return self._seen(lambda laying: laying.custom(np.asarray(basis), origin))

    def sampling(self, resolution: int = RESOLUTION, extent: Extent | None = None) -> Sampling:
        """The surface of a window as it is sampled, to be run, stopped, saved and gone on with.

        Asked for again, it is the same one, as far as it has come.
        """
        (a0, a1), (b0, b1) = self.extent if extent is None else extent
        window: Sampled = ((a0, a1), (b0, b1)), resolution
        if window not in self._samplings:
            costs, path_range = self.laying.objective.functions.costs, self.computation.path_range()
            self._samplings[window] = Sampling(costs, self.plane, *window, path_range)
        return self._samplings[window]

    def surface(
        self,
        resolution: int = RESOLUTION,
        extent: Extent | None = None,
        *,
        progress: Progress = True,
        executor: Executor | None = None,
    ) -> Surface:
        """The cost over resolution x resolution points of the window; see `Sampling.run`.

        Interrupted, it keeps what it has: the next call of the same window goes on from there.
        """
        return self.sampling(resolution, extent).run(progress=progress, executor=executor)

    def curvature(self, theta: Place | None = None, *, run: int = 0, step: int | None = None) -> Curvature:
        """The eigenvalues of the Hessian at theta or at a step of a run (its last), as `ds.curvature`.

        Up to P = 200 all of them; above that both ends, by Lanczos' iteration.
        """
        at = self.laying.theta_of(step, run) if theta is None else self.laying.theta_of(theta)
        return run_to_completion(spectrum(self.laying.objective, at))

    def figure(
        self,
        kind: Literal["3d", "contour"] = "3d",
        *,
        surface: Surface | None = None,
        height: Literal["linear", "log"] = "linear",
    ) -> Figure:
        """The surface with every run at its true height, as a Plotly figure with its captions."""
        from descentscape.output.figures import build_figure

        view = self.computation.experiment.view.model_copy(update={"height": height})
        return build_figure(self.computation, kind, self.surface() if surface is None else surface, view)

    def _seen(self, lay: Lay) -> Exploration:
        return replace(self, lay=lay, _samplings={})

    @property
    def said(self) -> str:
        """How large it is, in a few words."""
        entries = sum(run.path.entries for run in self.laying.runs)
        count = len(self.laying.runs)
        return f"{self.parameters:,} parameters, {count} run{'s' * (count > 1)}, {entries:,} entries"

    def __repr__(self) -> str:
        return f"<Exploration {self.label!r}: {self.said}{self._said_of_plane()}>"

    def _said_of_plane(self) -> str:
        """What is known of the plane: nothing before it is laid, which may take long."""
        if "plane" not in self.__dict__:
            return ""
        plane = self.plane
        if plane.variance_share is None or plane.null_share is None:
            return f", seen in {plane.kind}"
        share, chance = percent(sum(plane.variance_share)), percent(sum(plane.null_share))
        return f", seen in {plane.kind} with {share} of the variance (chance {chance})"
