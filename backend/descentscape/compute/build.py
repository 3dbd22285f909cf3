"""From the document to the engine's objects: the problem's objective, and every run's recipe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from descentscape.compute.examples import Examples, ExampleStore
from descentscape.core.data.datasets import Data, Scaling
from descentscape.core.descent.descent import Recipe
from descentscape.core.descent.run import RunEdit
from descentscape.core.foreign.models import ForeignModel, Given, known_model
from descentscape.core.formulas.objective import FORMULAS, FormulaObjective, parse
from descentscape.core.network.layers import dense_layers
from descentscape.core.network.mlp import MLP
from descentscape.core.objective import Array, Objective
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.core.optimizers.schedules import SCHEDULES
from descentscape.document.entry_models import made, made_clip
from descentscape.document.experiment import Experiment
from descentscape.document.points import Extent
from descentscape.document.problem_size import DataShape, data_shape, output_of, widths_of
from descentscape.document.problems import FormulaProblem, Problem
from descentscape.document.runs import Edit as EditSpec
from descentscape.document.runs import RunSpec

INIT = 0
"""The stream of random numbers that initial weights are drawn from: ``default_rng([seed, INIT])``."""

TYPED_DOMAIN = ((-5.0, 5.0), (-5.0, 5.0))
"""The window of a typed formula that names none."""

FORMULAS_KEPT = 16
"""Formulas whose derivatives are kept: half a megabyte each where they are long."""


@dataclass(frozen=True, eq=False)
class BuiltProblem:
    """A problem ready to be descended.

    ``initial(seed)`` is where a run starts unless it is told otherwise: weights drawn from the seed, a
    formula's own point. ``minima`` ``(M, P)`` are the known ones, of formulas and of linear regression.
    ``data`` is None for a formula and for a model that is only called, ``domain`` is None for all but a
    formula. ``given`` lays the plane that a model came with, in place of the usual one.
    """

    kind: str
    objective: Objective
    initial: Callable[[int], Array]
    minima: Array
    data: BuiltData | None = None
    domain: Extent | None = None
    given: Given | None = None

    @property
    def exact(self) -> bool:
        """Whether a picture shows all of the parameters."""
        return self.objective.dim == 2


@dataclass(frozen=True, eq=False)
class BuiltData:
    """The examples that a network learns from, and those kept for the test.

    ``test_objective`` is the cost on the test set, ``output`` the kind of the output layer.
    """

    examples: Examples
    test_objective: MLP | None
    output: str

    @property
    def train(self) -> Data:
        """The training examples."""
        return self.examples.train

    @property
    def test(self) -> Data | None:
        """The examples of the test set."""
        return self.examples.test

    @property
    def scaling(self) -> Scaling | None:
        """The scaling of their inputs."""
        return self.examples.scaling


@dataclass(frozen=True)
class BuiltRun:
    """One run's name, recipe and edits."""

    label: str
    recipe: Recipe
    edits: tuple[RunEdit, ...]


def build_problem(problem: Problem, store: ExampleStore | None = None) -> BuiltProblem:
    """The objective of a problem, on the examples that a store has, and what is known about it."""
    if problem.kind == "formula":
        return _build_formula(problem)
    if problem.kind == "explored":
        return _build_explored(known_model(problem.id))
    return _build_network(problem, (store or ExampleStore()).examples(problem))


def build_runs(experiment: Experiment) -> tuple[BuiltRun, ...]:
    """Every run's recipe, under a name of its own."""
    labels = _labels(experiment.runs)
    return tuple(
        BuiltRun(label, _recipe(run), _edits(experiment, index))
        for index, (run, label) in enumerate(zip(experiment.runs, labels, strict=True))
    )


def made_edit(edit: EditSpec) -> RunEdit:
    """The engine's edit of a run."""
    values = {int(position): value for position, value in (edit.set or {}).items()}
    optimizer = None if edit.optimizer is None else made(OPTIMIZERS, edit.optimizer)
    return RunEdit(edit.step, optimizer, values)


def _build_network(problem: Any, examples: Examples) -> BuiltProblem:
    train, test = examples.train, examples.test
    shape = data_shape(problem)
    widths = widths_of(problem, shape)
    output = _output(problem, shape)
    objective = _network(problem, widths, output, examples, train)
    return BuiltProblem(
        kind=problem.kind,
        objective=objective,
        initial=lambda seed: objective.init(problem.init, np.random.default_rng([seed, INIT])),
        minima=_least_squares(train) if problem.kind == "linear" else np.empty((0, objective.dim)),
        data=BuiltData(
            examples=examples,
            test_objective=None if test is None else _network(problem, widths, output, examples, test),
            output=output,
        ),
    )


def _output(problem: Any, shape: DataShape) -> str:
    if problem.kind == "network":
        return output_of(problem, shape)
    return "linear" if problem.kind == "linear" else str(problem.activation)


def _network(problem: Any, widths: tuple[int, ...], output: str, examples: Examples, data: Data) -> MLP:
    network = problem.kind == "network"
    activations = (*_hidden_activations(problem, len(widths) - 2), output)
    return MLP(
        dense_layers(widths, activations, biases=problem.kind != "chain"),
        problem.cost if network else "mse",
        data.x,
        examples.targets(data, widths[-1]),
        l1=problem.l1 if network else 0.0,
        l2=problem.l2 if network else 0.0,
        names=_names(problem, data),
    )


def _names(problem: Any, data: Data) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the inputs are called, and the classes of a table: those of other data are numbers or taught."""
    return data.feature_names, data.target_names if problem.dataset.kind == "table" else ()


def _hidden_activations(problem: Any, layers: int) -> tuple[str, ...]:
    """One activation for each hidden layer: the same for all, or those that the document lists."""
    if layers == 0:
        return ()
    chosen: str | tuple[str, ...] = problem.activation
    return (chosen,) * layers if isinstance(chosen, str) else chosen


def _least_squares(train: Data) -> Array:
    """The minimum of 1/(2n) Σ‖y − w·x − b‖² in closed form, ``(1, P)``; none where it is a whole line."""
    rows = np.column_stack([train.x, np.ones(len(train.x))])
    solution, _, rank, _ = np.linalg.lstsq(rows, train.y[:, 0], rcond=None)
    minimum: Array = solution.astype(np.float64)[None, :]
    return minimum if rank == rows.shape[1] else np.empty((0, rows.shape[1]))


def _build_formula(problem: FormulaProblem) -> BuiltProblem:
    known = None if problem.name is None else FORMULAS[problem.name]
    domain = problem.domain or (known.domain if known else TYPED_DOMAIN)
    start = np.array(known.start if known else _off_centre(domain))
    minima = (*known.minima, *known.local_minima) if known else ()
    return BuiltProblem(
        kind=problem.kind,
        objective=formula_objective(known.expression if known else problem.expression or ""),
        initial=lambda seed: start.copy(),
        minima=np.array(minima, dtype=np.float64).reshape(-1, 2),
        domain=domain,
    )


def _build_explored(model: ForeignModel) -> BuiltProblem:
    first = next(iter(model.runs.values()))
    return BuiltProblem(
        kind="explored",
        objective=model.objective,
        initial=lambda seed: first.theta(0),
        minima=np.empty((0, model.objective.dim)),
        given=model.given,
    )


@lru_cache(maxsize=FORMULAS_KEPT)
def formula_objective(expression: str) -> FormulaObjective:
    """The cost of a formula, differentiated once for all experiments that have it."""
    return FormulaObjective(parse(expression))


def _off_centre(domain: Extent) -> tuple[float, float]:
    """A fifth of the window from its left and from its top: seldom a critical point, as the middle is."""
    (left, right), (bottom, top) = domain
    return left + 0.2 * (right - left), top - 0.2 * (top - bottom)


def _recipe(run: RunSpec) -> Recipe:
    return Recipe(
        optimizer=made(OPTIMIZERS, run.optimizer),
        schedule=made(SCHEDULES, run.schedule),
        clip=None if run.clip is None else made_clip(run.clip),
        batch_size=run.batch_size,
        gradient_noise=run.gradient_noise,
    )


def _edits(experiment: Experiment, run: int) -> tuple[RunEdit, ...]:
    return tuple(made_edit(edit) for edit in experiment.edits if edit.run == run)


def _usual_label(run: RunSpec) -> str:
    """A recorded run is called as its file, any other as its optimizer."""
    if run.recorded is not None:
        return run.recorded.name or "recorded run"
    return OPTIMIZERS[run.optimizer.kind].label


def _labels(runs: tuple[RunSpec, ...]) -> list[str]:
    """The runs' own names, or their files' and optimizers', numbered where one occurs again."""
    names = [run.label or _usual_label(run) for run in runs]
    return [
        f"{name} {names[: index + 1].count(name)}" if name in names[:index] else name
        for index, name in enumerate(names)
    ]
