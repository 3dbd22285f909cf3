"""A run as a table: its columns by name, one layout for spreadsheets, files and data frames."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from descentscape.core.objective import AnyArray, Array

MEASURES = ("cost", "shadow_cost", "off_plane", "grad_norm", "batch_cost", "learning_rate", "test_cost")
"""What a run's table has of every step, beside the step and its place (a, b) on the plane."""

COUNTS = ("gradient_evaluations", "examples_seen")
"""What was used up by then."""

WIDE = 32
"""Up to so many parameters have columns of their own; theta of larger problems is an array's business."""


class Tabular(Protocol):
    """What a table is made of: a run's result, which has the measures and the counts too."""

    @property
    def cost(self) -> Array: ...  # noqa: D102
    @property
    def steps(self) -> AnyArray: ...  # noqa: D102
    @property
    def path(self) -> Array: ...  # noqa: D102
    @property
    def layer_grad_norms(self) -> Array: ...  # noqa: D102
    @property
    def theta(self) -> Array: ...  # noqa: D102
    @property
    def parameter_names(self) -> Callable[[], list[str]]: ...  # noqa: D102


def columns(run: Tabular) -> dict[str, AnyArray | None]:
    """Every column ``(S,)`` of a run by its name.

    ``step``, after how many steps a row is, ``a``, ``b``, the measures and the counts; ``grad_norm layer 1``
    and so on, where there are several layers; and each parameter by its own name, where there are up to
    `WIDE`. A column of which nothing is known is None.
    """
    named: dict[str, AnyArray | None] = {"step": run.steps, "a": run.path[:, 0], "b": run.path[:, 1]}
    named |= {name: getattr(run, name) for name in (*MEASURES, *COUNTS)}
    return named | dict(_of_layers(run)) | dict(_of_parameters(run))


def _of_layers(run: Tabular) -> Iterator[tuple[str, AnyArray]]:
    norms = run.layer_grad_norms
    if norms.shape[1] > 1:
        for layer, column in enumerate(norms.T, start=1):
            yield f"grad_norm layer {layer}", column


def _of_parameters(run: Tabular) -> Iterator[tuple[str, AnyArray]]:
    names = run.parameter_names()
    if len(names) <= WIDE:
        # A row a column: what is looked at below is contiguous.
        yield from zip(names, run.theta[: len(run.cost)].T.copy(), strict=True)
