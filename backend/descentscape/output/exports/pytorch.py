"""The experiment as a program for PyTorch, whose costs are the ones here."""

from __future__ import annotations

from typing import Any

import numpy as np

from descentscape.compute.results import Results
from descentscape.core.errors import InvalidValue
from descentscape.core.formulas.objective import FormulaObjective
from descentscape.core.network.mlp import MLP
from descentscape.document.runs import Edit
from descentscape.output.exports.base import Export
from descentscape.output.torch_code.formulas import formula
from descentscape.output.torch_code.networks import network
from descentscape.output.torch_code.numbers import UNPACK, is_packed, written
from descentscape.output.torch_code.optimizers import CLIP_NORM, clipping, factor, optimizer

HEAD = '''"""An experiment of Descentscape in PyTorch: the same data, start, batches and steps."""

import base64
import math
import zlib

import numpy as np
import torch
from torch import nn

torch.set_default_dtype(torch.float64)
STEPS, SEED = {steps}, {seed}

'''

DESCEND = '''

def batch(step, size):
    """The examples of a step: every epoch walks all of them in an order of its own."""
    if size is None:
        return slice(None)
    epoch, place = divmod(step, -(-len(x) // size))
    order = np.random.default_rng([SEED, 1, epoch]).permutation(len(x))
    return torch.tensor(order[place * size : (place + 1) * size])


def noise(step, deviation, parameters):
    """Add the normal numbers of this step to the gradient."""
    block, row = divmod(step, 256)
    drawn = np.random.default_rng([SEED, 2, block]).standard_normal((256, len(start)))[row]
    for each in parameters:
        each.grad += deviation * torch.tensor(drawn)


def change(optimizer, parameters, make=None, keep=False, values=()):
    """Other values of some parameters, or another optimizer; of the same kind it keeps its state."""
    with torch.no_grad():
        theta = nn.utils.parameters_to_vector(parameters)
        for place, value in values:
            theta[place] = value
        nn.utils.vector_to_parameters(theta, parameters)
    if make is None:
        return optimizer
    other = make(parameters)
    if not keep:
        return other
    known = {name: value for name, value in other.param_groups[0].items() if name != "params"}
    optimizer.param_groups[0].update(known)
    return optimizer


def descend(start, make, size=None, factor=lambda step: 1.0, clip=None, deviation=0.0, edits=()):
    """The cost of all examples at the start and after every step."""
    model = make_model()
    parameters = list(model.parameters())
    nn.utils.vector_to_parameters(start, parameters)
    optimizer, costs = make(parameters), []
    rate = optimizer.param_groups[0]["lr"]
    for step in range(STEPS + 1):
        for at, edit in edits:
            if at == step:
                optimizer.param_groups[0]["lr"] = rate
                optimizer = change(optimizer, parameters, **edit)
                rate = optimizer.param_groups[0]["lr"]
        with torch.no_grad():
            costs.append(float(cost(model, x, y)))
        if not math.isfinite(costs[-1]):
            return costs[:-1]
        if costs[-1] > 1e6 * (1 + abs(costs[0])):
            return costs  # it has diverged
        if step < STEPS:
            chosen = batch(step, size)
            optimizer.zero_grad()
            cost(model, x[chosen], y[chosen]).backward()
            if deviation:
                noise(step, deviation, parameters)
            if clip:
                clip(parameters)
            optimizer.param_groups[0]["lr"] = rate * factor(step)
            optimizer.step()
    return costs


costs = {}
'''

_NOTHING = np.zeros(1)

REPORT = """
for label, each in costs.items():
    print(f"{label}: cost {each[0]:.6g} at the start, {each[-1]:.6g} after {len(each) - 1} steps")
"""


def to_pytorch(results: Results) -> bytes:
    """A program that descends as every run does, and holds their costs in ``costs``, by their labels.

    Raises InvalidValue for a run whose rule PyTorch has not, or whose steps were not computed here.
    """
    experiment = results.experiment
    for index, spec in enumerate(experiment.runs):
        if getattr(spec, "recorded", None) is not None:
            raise InvalidValue(f"runs.{index}", "a run whose steps are computed here", "a recorded one")
    starts = [run.trajectory.start for run in results.runs]
    blocks = [_run(experiment, index, run.label) for index, run in enumerate(results.runs)]
    arrays, model = _problem(results.runs[0].trajectory.objective)
    helpers = UNPACK if any(map(is_packed, (*arrays.values(), *starts))) else ""
    helpers += CLIP_NORM if any("clip_norm(" in block for block in blocks) else ""
    parts = [HEAD.format(steps=experiment.steps, seed=experiment.seed), helpers]
    parts += [f"{name} = {written(array)}\n" for name, array in arrays.items()]
    parts += ["\n\n", model, "\n", DESCEND]
    for start, block in zip(starts, blocks, strict=True):
        parts.append(f"\nstart = {written(start)}\n{block}")
    return "".join([*parts, REPORT]).encode()


def _problem(objective: Any) -> tuple[dict[str, Any], str]:
    """The examples, and the code of the model and its cost."""
    if isinstance(objective, MLP):
        return {"x": objective.x, "y": objective.y}, network(objective)
    if isinstance(objective, FormulaObjective):
        # There are no examples: what stands in their place is not looked at.
        return {"x": _NOTHING, "y": _NOTHING}, formula(objective.expression)
    raise InvalidValue("problem", "a network or a formula, for PyTorch", type(objective).__name__)


def _run(experiment: Any, index: int, label: str) -> str:
    """The lines that descend as a run does."""
    run, field = experiment.runs[index], f"runs.{index}"
    arguments = [f"    {optimizer(run.optimizer, f'{field}.optimizer.kind')},"]
    if run.batch_size is not None:
        arguments.append(f"    size={run.batch_size},")
    if run.schedule.kind != "constant":
        arguments.append(f"    factor={factor(run.schedule, f'{field}.schedule.kind')},")
    if run.clip is not None:
        arguments.append(f"    clip={clipping(run.clip, f'{field}.clip')},")
    if run.gradient_noise:
        arguments.append(f"    deviation={run.gradient_noise!r},")
    if edits := _edits(experiment, index):
        arguments += ["    edits=[", *edits, "    ],"]
    return "\n".join([f"costs[{label!r}] = descend(", "    start,", *arguments, ")", ""])


def _edits(experiment: Any, index: int) -> list[str]:
    """A line for every edit of a run: its step, and what it changes."""
    lines, kind = [], experiment.runs[index].optimizer.kind
    numbered = [(number, edit) for number, edit in enumerate(experiment.edits) if edit.run == index]
    for number, edit in sorted(numbered, key=lambda entry: entry[1].step):
        lines.append(f"        ({edit.step}, {_edit(edit, number, kind)}),")
        kind = edit.optimizer.kind if edit.optimizer else kind
    return lines


def _edit(edit: Edit, number: int, kind: str) -> str:
    said = []
    if edit.optimizer is not None:
        made = optimizer(edit.optimizer, f"edits.{number}.optimizer.kind")
        said += [f'"make": {made}', f'"keep": {edit.optimizer.kind == kind}']
    if edit.set:
        said.append(f'"values": {[(int(place), value) for place, value in edit.set.items()]!r}')
    return f"{{{', '.join(said)}}}"


EXPORT = Export(
    kind="pytorch",
    label="Copy as PyTorch",
    point="A program without Descentscape whose costs are the same",
    call="runs",
    media_type="text/x-pytorch",
    endings=("torch.py",),
    write=to_pytorch,
    copied=True,
)
