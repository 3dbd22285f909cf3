"""The rules between the fields of an experiment: what each alone allows but the others do not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from descentscape.core.data.features import require_features
from descentscape.core.data.store import Gone
from descentscape.core.errors import InvalidValue
from descentscape.core.foreign.models import known_model
from descentscape.core.formulas.objective import parse
from descentscape.core.network.costs import COSTS
from descentscape.core.optimizers.clipping import CLIPS
from descentscape.document.bounds import MAX_CLASSES, MAX_PARAMETERS, MAX_REMEMBERED
from descentscape.document.field_errors import broken_rule, gone_rule, unreadable
from descentscape.document.planes import PLANES
from descentscape.document.problem_size import DataShape, data_shape, output_of, parameter_count, widths_of
from descentscape.document.schema import Path
from descentscape.document.size_rules import Broken, ExperimentSize, is_below, one_a_parameter, stored_fits

if TYPE_CHECKING:
    from descentscape.document.points import Extent
    from descentscape.document.problems import FormulaProblem, NetworkProblem, Problem
    from descentscape.document.runs import Edit, Edits, Runs, RunSpec, Start
    from descentscape.document.view import View

MODEL = "The trained model"
"""What a stored start is known by where no recorded run says of which file it is."""


def broken_rules(problem: Problem, runs: Runs, start: Start, steps: int, edits: Edits, view: View) -> Broken:
    """Every broken rule; those that need the problem's size only if the problem itself is sound."""
    explored = None
    if problem.kind == "formula":
        found, shape, parameters = list(_formula(problem)), None, 2
    elif problem.kind == "explored":
        try:
            explored = known_model(problem.id)
        except InvalidValue as error:
            yield broken_rule(("problem", "id"), error.constraint, f"{problem.id[:12]}…")
            return
        found, shape, parameters = [], None, explored.objective.dim
    else:
        try:
            shape = data_shape(problem)
        except Gone as error:
            yield gone_rule(("problem", "dataset", error.name), error, getattr(problem.dataset, "name", ""))
            return
        except InvalidValue as error:
            rows = getattr(problem.dataset, error.name.partition("[")[0])
            yield broken_rule(("problem", "dataset", error.name), error.constraint, rows)
            return
        parameters = parameter_count(problem, widths_of(problem, shape))
        found = list(_data_problem(problem, shape, parameters))
    widths = widths_of(problem, shape) if shape and problem.kind == "network" else None
    size = ExperimentSize(parameters, len(runs), steps, shape, widths, explored)
    yield from found or _sized(runs, start, edits, view, size)


def _formula(problem: FormulaProblem) -> Broken:
    if (problem.name is None) == (problem.expression is None):
        yield broken_rule(("problem", "name"), "given, or else an expression, not both", problem.name)
    if problem.expression is not None:
        try:
            parse(problem.expression)
        except InvalidValue as error:
            yield unreadable(("problem", "expression"), error.constraint)
    yield from _window(("problem", "domain"), problem.domain)


def _window(path: Path, window: Extent | None) -> Broken:
    for axis, bounds in enumerate(window or ()):
        if bounds[0] >= bounds[1]:
            yield broken_rule((*path, axis), "a pair, the lower end first", bounds)


def _data_problem(problem: Any, shape: DataShape, parameters: int) -> Broken:
    if (shape.classes or 0) > MAX_CLASSES:
        constraint = f"of at most {MAX_CLASSES} classes"
        field = "target" if problem.dataset.kind == "table" else "y"
        yield broken_rule(("problem", "dataset", field), constraint, shape.classes, MAX_CLASSES)
        return
    if problem.kind == "network":
        yield from _features(problem, shape)
        yield from _network(problem, shape)
        if parameters > MAX_PARAMETERS:
            limit = f"small enough for {MAX_PARAMETERS:,} parameters (these make {parameters:,})"
            yield broken_rule(("problem", "hidden"), limit, problem.hidden, MAX_PARAMETERS)
        return
    if shape.targets != 1 or (shape.classes or 2) > 2:
        constraint = f"of one target or two classes for the {problem.kind} problem"
        own = problem.dataset.kind in ("inline", "table") and shape.classes
        path, got = (("task",), "classes") if own else ((), problem.dataset.kind)
        yield broken_rule(("problem", "dataset", *path), constraint, got)
    if problem.kind == "chain" and shape.inputs != 1:
        yield broken_rule(("problem", "dataset"), "of one input for the chain problem", problem.dataset.kind)


def _features(problem: NetworkProblem, shape: DataShape) -> Broken:
    own = shape.inputs - len(problem.features)
    try:
        require_features(problem.features, own)
    except InvalidValue as error:
        yield broken_rule(("problem", error.name), error.constraint, list(problem.features))


def _network(problem: NetworkProblem, shape: DataShape) -> Broken:
    if not isinstance(problem.activation, str) and len(problem.activation) != len(problem.hidden):
        constraint = f"a name, or a list of {len(problem.hidden)}, one for each hidden layer"
        yield broken_rule(("problem", "activation"), constraint, problem.activation, len(problem.hidden))
    output, cost = output_of(problem, shape), COSTS[problem.cost]
    if output not in cost.outputs:
        fitting = " or ".join(kind for kind, entry in COSTS.items() if output in entry.outputs)
        yield broken_rule(("problem", "cost"), f"{fitting} on a {output} output", problem.cost)
    if output == "softmax" and shape.classes is None:
        field = "output" if problem.output else "cost"
        yield broken_rule(
            ("problem", field), "for regression another than softmax’s", getattr(problem, field)
        )
    elif cost.bounded and shape.classes is None and not (shape.low >= 0 and shape.high <= 1):
        yield broken_rule(("problem", "cost"), "mse or huber, as targets are not all in [0, 1]", problem.cost)


def _sized(runs: Runs, start: Start, edits: Edits, view: View, size: ExperimentSize) -> Broken:
    yield from _start(("start",), start, size, _file_of(start, runs))
    for index, run in enumerate(runs):
        yield from _run(("runs", index), run, size)
    for index, edit in enumerate(edits):
        if edit.run < len(runs) and runs[edit.run].recorded is not None:
            yield broken_rule(("edits", index, "run"), "a computed one, not a recorded run", edit.run)
        yield from _edit(("edits", index), edit, size)
    if view.grid.extent != "fit":
        yield from _window(("view", "grid", "extent"), view.grid.extent)
    if view.plane is not None:
        yield from PLANES[view.plane.kind].rules(("view", "plane"), view.plane, size)


def _file_of(start: Start, runs: Runs) -> str:
    """What people know a stored start by: the file of a recorded run that it is of."""
    recorded = (run.recorded for run in runs if run.recorded is not None)
    names = (each.name for each in recorded if start.kind == "stored" and each.sha256 == start.sha256)
    return next(filter(None, names), MODEL)


def _start(path: Path, start: Start, size: ExperimentSize, name: str = MODEL) -> Broken:
    if start.kind == "point" and size.parameters != 2:
        constraint = f"init, theta or lift with {size.parameters} parameters"
        yield broken_rule((*path, "kind"), constraint, start.kind)
    if start.kind == "stored":
        yield from stored_fits(path, start.sha256, start.entry, size, name)
    if start.kind == "theta":
        yield from one_a_parameter((*path, "values"), start.values, size.parameters)
    if start.kind == "lift" and start.plane is not None:
        descended = replace(size, steps=start.steps or size.steps)
        yield from PLANES[start.plane.kind].rules((*path, "plane"), start.plane, descended)


def _run(path: Path, run: RunSpec, size: ExperimentSize) -> Broken:
    if size.shape is None:
        yield from _without_examples(path, run, "a formula" if size.explored is None else "such a model")
    else:
        yield from _with_examples(path, run, size.shape)
    if size.explored is not None and not (run.recorded or size.explored.objective.sloped):
        yield broken_rule((*path, "recorded"), "given, as the model’s gradient is not known", None)
    if run.clip is not None and len(bounds := run.clip.model_dump(exclude_none=True)) != 1:
        yield broken_rule((*path, "clip"), f"one of {' or '.join(CLIPS)}", bounds)
    yield from _memory((*path, "optimizer"), run.optimizer, size.parameters)
    if run.recorded is not None:
        yield from stored_fits(
            (*path, "recorded"), run.recorded.sha256, None, size, run.recorded.name or "The recorded run"
        )
        for name in ("start", "init_seed", "batch_size", "clip"):
            if getattr(run, name) is not None:
                yield broken_rule((*path, name), "null in a recorded run", getattr(run, name))
    if run.start is not None:
        yield from _start((*path, "start"), run.start, size)
        if run.init_seed is not None and run.start.kind != "init":
            yield broken_rule((*path, "init_seed"), "null beside a start of its own", run.init_seed)


def _without_examples(path: Path, run: RunSpec, what: str) -> Broken:
    if run.batch_size is not None:
        yield broken_rule((*path, "batch_size"), f"null, {what} has no examples", run.batch_size)
    if run.init_seed is not None:
        yield broken_rule((*path, "init_seed"), f"null, {what} has its own start", run.init_seed)


def _with_examples(path: Path, run: RunSpec, shape: DataShape) -> Broken:
    if run.batch_size is not None and run.batch_size > shape.training:
        constraint = f"at most the {shape.training} training examples"
        yield broken_rule((*path, "batch_size"), constraint, run.batch_size, shape.training)
    if run.gradient_noise:
        yield broken_rule((*path, "gradient_noise"), "0, only a formula takes it", run.gradient_noise, 0)


def _memory(path: Path, optimizer: Any, parameters: int) -> Broken:
    most = MAX_REMEMBERED // parameters
    if getattr(optimizer, "history", 0) > most:
        constraint = f"at most {most} with {parameters:,} parameters"
        yield broken_rule((*path, "history"), constraint, optimizer.history, most)


def _edit(path: Path, edit: Edit, size: ExperimentSize) -> Broken:
    yield from is_below((*path, "run"), edit.run, size.runs, "runs")
    if edit.step > size.steps:
        constraint = f"at most the {size.steps} steps"
        yield broken_rule((*path, "step"), constraint, edit.step, size.steps)
    if edit.optimizer is None and edit.set is None:
        yield broken_rule(path, "an edit with an optimizer, with values to set, or both", edit.model_dump())
    if edit.optimizer is not None:
        yield from _memory((*path, "optimizer"), edit.optimizer, size.parameters)
    for position in edit.set or {}:
        yield from is_below((*path, "set", position), int(position), size.parameters, "parameters")
