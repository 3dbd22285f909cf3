"""What an experiment asks of its cost: by its runs, its plane, their projections on it, and its surface."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from descentscape.compute.memory import CELL, NUMBER_BYTES, RUNS, largest_state_bytes, state_bytes
from descentscape.core.descent.checkpoints import SPACING
from descentscape.core.descent.computed import stride_of
from descentscape.core.descent.stationarity import APART
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.core.optimizers.base import Needs
from descentscape.document.effort import EIGENVECTORS, NONE, Effort, WorkSize
from descentscape.document.entry_models import made
from descentscape.document.experiment import Experiment, bases_of, checkpoints_of, starts_of
from descentscape.document.planes import PLANES, PlaneSpec, usual_plane
from descentscape.document.planes.base import MOST_NUMBERS
from descentscape.document.runs import LiftStart

TRIALS = 2.0
"""Evaluations of a line search."""

COMPILED, INTERPRETED, SEARCHED, DECOMPOSED, MATRIX = 3, 18, 130, 125, 45
"""Calls of a step: in compiled code, by the interpreter; more with a line search, with a Hessian, and for the
singular values of each matrix."""

PASSED = 11
"""Calls of the interpreter for a gradient of a network by itself."""

BEGUN = 1800
"""Calls that begin a run, whatever its length."""

BATCHED = 7
"""Calls that draw a mini-batch and look at it."""

SINGULAR = 9
"""Multiplications of a matrix’s singular values, over its entries and the units of all layers."""

PASSES, STATE_PASSES = 30, 4
"""How often a step goes through theta, and through the optimizer’s state."""

PROJECTING = 6
"""Calls that project an entry, among many."""

DOUBLE = 1.6
"""Heights that a surface takes for each of its points: in double precision too, where it must."""

FINDING_A_PLANE = 1200
"""Calls that lay any plane and fit a window."""

BUILT, READ = 1100, 150
"""Calls that build a problem, and that read and differentiate each part of a formula."""

THROUGH = 8
"""How often the paths’ points are gone through for a plane and its window."""


def total(efforts: Iterable[Effort]) -> Effort:
    """All of them together."""
    return sum(efforts, NONE)


def descents_effort(experiment: Experiment, size: WorkSize) -> Effort:
    """All runs, and the runs and planes that come before those that start from a point of a plane."""
    before = (
        descents_effort(base, size) + plane_effort(base, start.plane, size)
        for base, start in _lifted(experiment)
    )
    own = (_run_effort(experiment, index, size) for index in range(len(experiment.runs)))
    built = Effort(calls=BUILT + READ * size.formula)
    return total((built, *before, *own))


def projections_effort(experiment: Experiment, size: WorkSize) -> Effort:
    """The projections of all entries on the plane, with the heights there; what was not kept is replayed."""
    rows = (experiment.steps + 1) * len(experiment.runs)
    plain = Effort(costs=rows, numbers=THROUGH * rows * size.parameters, calls=PROJECTING * rows)
    replays = ((index, _replays(experiment, index, size)) for index in range(len(experiment.runs)))
    again = (
        times * _steps_effort(experiment, index, 0, experiment.steps, size, again=True)
        for index, times in replays
        if times
    )
    return total((plain, *again))


def plane_effort(experiment: Experiment, spec: PlaneSpec | None, size: WorkSize) -> Effort:
    """A plane laid through the experiment’s runs, None being the usual one, and the window in it."""
    spec = spec or usual_plane(size.parameters == 2)
    rows = (experiment.steps + 1) * len(experiment.runs)
    numbers = min(rows * size.parameters, MOST_NUMBERS)
    laid = PLANES[spec.kind].effort(spec, size)
    return laid + Effort(calls=FINDING_A_PLANE, numbers=THROUGH * numbers)


def surface_effort(resolution: int) -> Effort:
    """A surface of resolution x resolution points."""
    cells = DOUBLE * resolution**2
    return Effort(heights=cells, calls=1000, numbers=20 * cells, kept=CELL / NUMBER_BYTES * resolution**2)


def step_effort(optimizer: Any, batch_size: int | None, size: WorkSize, *, again: bool = False) -> Effort:
    """One step by a rule, with the true and the test cost that are measured beside it.

    Made ``again`` it is by the interpreter, whatever the rule, and nothing is measured.
    """
    needs, examples = OPTIMIZERS[optimizer.kind].needs, batch_size or size.examples
    share, batched = examples / size.examples, batch_size is not None
    compiled = needs == Needs() and not again
    passed = 0 if compiled or size.formula else PASSED * (needs.gradients + TRIALS * needs.line_search)
    effort = Effort(
        costs=0 if again else size.test / size.examples + batched,
        gradients=share * needs.gradients + (0 if again else batched / APART),
        numbers=PASSES * size.parameters + (0 if compiled else STATE_PASSES * _state(optimizer, size)),
        calls=(COMPILED if compiled else INTERPRETED) + passed + BATCHED * batched,
    )
    if needs.line_search:
        effort += Effort(gradients=TRIALS * share, calls=SEARCHED)
    if needs.singular_values:
        singular = SINGULAR * size.parameters * size.units
        effort += Effort(multiplications=singular, calls=MATRIX * size.layers)
    if needs.hessian:
        # Newton's own rule takes Cholesky's factors where it can, and eigenvectors where it cannot.
        share_of_vectors = 1.0 if needs.eigenvalues else 0.4
        effort += Effort(hessians=share, factorisations=share_of_vectors * EIGENVECTORS, calls=DECOMPOSED)
    return effort


def _state(optimizer: Any, size: WorkSize) -> float:
    """The numbers of an optimizer’s state."""
    return state_bytes(made(OPTIMIZERS, optimizer), size.parameters) / NUMBER_BYTES


def replay_effort(experiment: Experiment, index: int, first: int, last: int, size: WorkSize) -> Effort:
    """A run's steps from ``first`` up to ``last`` made again, and those from the checkpoint before them."""
    spacing = _spacing(experiment, index, size)
    return _steps_effort(experiment, index, first - first % spacing, last, size, again=True)


def _lifted(experiment: Experiment) -> Iterator[tuple[Experiment, LiftStart]]:
    bases = {base.steps: base for base in bases_of(experiment)}
    for start in {
        start.steps: start for start in starts_of(experiment) if isinstance(start, LiftStart)
    }.values():
        if base := bases.get(start.steps or experiment.steps):
            yield base, start


def _run_effort(experiment: Experiment, index: int, size: WorkSize) -> Effort:
    """A run from its start to its end; of a recorded one the costs and slopes of its checkpoints."""
    recorded = checkpoints_of(experiment.runs[index], experiment)
    if recorded is not None:
        gradients = recorded * (1 + size.test / size.examples)
        return Effort(gradients=gradients, numbers=PASSES * recorded * size.parameters, calls=BEGUN)
    return Effort(calls=BEGUN) + _steps_effort(experiment, index, 0, experiment.steps, size)


def _steps_effort(
    experiment: Experiment, index: int, first: int, last: int, size: WorkSize, *, again: bool = False
) -> Effort:
    """The steps of a run from ``first`` up to ``last``, each by the rule that it has by then."""
    run = experiment.runs[index]
    changes = [(0, run.optimizer), *_changes(experiment, index), (last, run.optimizer)]
    return total(
        (min(end, last) - max(begin, first)) * step_effort(rule, run.batch_size, size, again=again)
        for (begin, rule), (end, _) in pairwise(changes)
        if max(begin, first) < min(end, last)
    )


def rule_at(experiment: Experiment, index: int, step: int) -> Any:
    """The rule, as the document has it, of a run’s step."""
    changes = [(0, experiment.runs[index].optimizer), *_changes(experiment, index)]
    return [rule for first, rule in changes if first <= step][-1]


def _changes(experiment: Experiment, index: int) -> list[tuple[int, Any]]:
    """The steps at which a run goes over to another rule, and the rule."""
    changed = [edit for edit in experiment.edits if edit.run == index and edit.optimizer is not None]
    return [(edit.step, edit.optimizer) for edit in sorted(changed, key=lambda edit: edit.step)]


def _replays(experiment: Experiment, index: int, size: WorkSize) -> float:
    """How often each step is made once more for the projections: not at all where theta is kept."""
    rows = experiment.steps + 1
    if experiment.runs[index].recorded is not None:
        return 0.0
    if stride_of(rows, _budget(experiment) // (NUMBER_BYTES * size.parameters)) == 1:
        return 0.0
    return 1 + (min(_spacing(experiment, index, size), rows) / SPACING - 1) / 2


def _spacing(experiment: Experiment, index: int, size: WorkSize) -> int:
    """Steps between two checkpoints of a run, which are thinned until they fit."""
    position = NUMBER_BYTES * size.parameters + largest_state_bytes(experiment, index, size.parameters)
    most, spacing = max(1, _budget(experiment) // position), SPACING
    while -(-(experiment.steps + 1) // spacing) > most:
        spacing *= 2
    return spacing


def _budget(experiment: Experiment) -> int:
    """Bytes of a run for theta at its steps, and as many for its checkpoints."""
    return RUNS // len(experiment.runs) // 2
