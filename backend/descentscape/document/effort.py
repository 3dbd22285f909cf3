"""What work on an experiment takes, said by those who do it in the terms that they think in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from descentscape.core.blocks import layer_spans
from descentscape.core.counts import Counts
from descentscape.core.foreign.models import known_model
from descentscape.core.formulas.objective import FORMULAS, parse
from descentscape.core.network.activations import ACTIVATIONS
from descentscape.document.problem_size import data_shape, parameter_count, widths_of

if TYPE_CHECKING:
    from descentscape.document.problems import Problem


@dataclass
class Effort(Counts):
    """How often the cost of an experiment is asked for what, and what is done beside.

    - ``costs``, ``gradients``, ``products`` (of a vector with the Hessian) and ``hessians``: on all training
      examples, in double precision; shares of one are on fewer examples
    - ``heights``: costs at points of a plane
    - ``factorisations``: of matrices as large as the Hessian, in those of Cholesky; by eigenvectors takes 5
    - ``multiplications`` of other matrices, ``numbers`` of vectors that are gone through
    - ``calls`` of NumPy, or of something like it, that work on little
    - ``kept``: numbers that are held or sent at once
    """

    costs: float = 0.0
    gradients: float = 0.0
    products: float = 0.0
    hessians: float = 0.0
    heights: float = 0.0
    factorisations: float = 0.0
    multiplications: float = 0.0
    numbers: float = 0.0
    calls: float = 0.0
    kept: float = 0.0


NONE = Effort()
EIGENVECTORS = 5
"""Factorisations of Cholesky that take as long as finding all eigenvectors."""

EXAMPLE, SOFTMAX = 1, 3
"""Tanh that take as long as what is done for an example beside its units, and for one of several outputs."""

MULTIPLICATION = 6e-11
"""Seconds of one, by which a model that is only called is told how many examples it might have."""

EIGENVALUES = 3
"""The same of the eigenvalues alone."""


def krylov(parameters: int, products: int) -> Effort:
    """So many products with the Hessian, the vectors kept orthogonal to all before, and their matrix."""
    count = min(products, parameters)
    return Effort(
        products=count,
        numbers=2 * count**2 * parameters,
        calls=100 * count,
        kept=count * parameters,
    )


REPLAYED = Effort(gradients=32, calls=32 * 30)
"""The way from a checkpoint to a step of a run."""

PATHS = 96 * 2**20
"""Bytes of theta at the steps of all runs that an experiment keeps."""


@dataclass(frozen=True)
class WorkSize:
    """What the work on an experiment grows with.

    P ``parameters``, N training ``examples`` and those of the ``test``; the ``units`` of all ``layers``, how
    many ``tanh`` take as long as their activations, and the weights of the ``first`` layer; ``runs`` of so
    many ``steps``. ``data`` are the numbers of all examples that experiments with the same data set share,
    ``rows`` those that each network has for itself. ``formula`` counts the numbers, names and operations of a
    formula, and is 0 for a network, whose steps are made in compiled code.
    """

    parameters: int
    examples: int
    runs: int
    steps: int
    test: int = 0
    units: int = 1
    tanh: float = 1.0
    layers: int = 1
    first: int = 0
    data: int = 0
    rows: int = 0
    formula: int = 0

    @property
    def theta(self) -> Effort:
        """Finding theta at a step of a run: nothing, where all are kept."""
        return NONE if 8 * self.parameters * (self.steps + 1) * self.runs <= PATHS else REPLAYED

    def shown(self, points: float) -> float:
        """The share of the costs on all examples that a pass over so many points of input space is."""
        return points / self.examples


def work_size(problem: Problem, runs: int, steps: int) -> WorkSize:
    """The size of the work on a problem; of its data only inline and bundled ones are looked at."""
    if problem.kind == "formula":
        known = None if problem.name is None else FORMULAS[problem.name]
        read = parse(known.expression if known else problem.expression or "")
        return WorkSize(2, 1, runs, steps, layers=0, formula=len(read.postfix))
    if problem.kind == "explored":
        return _explored_size(problem.id, runs, steps)
    shape = data_shape(problem)
    widths = widths_of(problem, shape)
    # Inputs, targets and, of more than two classes, their places one-hot; once more in single precision.
    units = widths[-1] if shape.classes and widths[-1] > 1 else 0
    return WorkSize(
        parameters=parameter_count(problem, widths),
        examples=shape.training,
        runs=runs,
        steps=steps,
        test=shape.test_examples,
        units=sum(widths[1:]),
        tanh=_tanh(problem, widths),
        layers=len(widths) - 1,
        first=widths[0] * widths[1],
        data=shape.examples * (shape.inputs + shape.targets + units),
        rows=shape.training * (shape.inputs + widths[-1]) // 2,
    )


def _explored_size(name: str, runs: int, steps: int) -> WorkSize:
    """A model of which no more is known than how long its calls took: as long as on so many examples."""
    model = known_model(name)
    dim, layers = model.objective.dim, len(layer_spans(model.objective.blocks))
    seconds = model.objective.calls.seconds if model.objective.calls else 0.0
    examples = max(1, round(seconds / (MULTIPLICATION * dim)))
    return WorkSize(dim, examples, runs, steps, layers=layers)


def _tanh(problem: Any, widths: tuple[int, ...]) -> float:
    """How many tanh take as long as all units’ activations and the cost of an example."""
    outputs = EXAMPLE + widths[-1] * (SOFTMAX if widths[-1] > 1 else 1)
    if problem.kind == "linear":
        return outputs
    hidden = widths[1:-1]
    kinds = (problem.activation,) * len(hidden) if isinstance(problem.activation, str) else problem.activation
    return outputs + sum(n * ACTIVATIONS[kind].work for n, kind in zip(hidden, kinds, strict=True))
