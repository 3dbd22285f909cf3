"""The document's problems: what is learnt, from which data, by which network or formula."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import Field, model_validator

from descentscape.core.data.features import FEATURES
from descentscape.core.formulas.objective import FORMULAS
from descentscape.core.formulas.parser import MAX_LENGTH
from descentscape.core.network.activations import ACTIVATIONS
from descentscape.core.network.costs import COSTS
from descentscape.core.network.initializers import INITS
from descentscape.document.bounds import MAX_LAYERS, MAX_WIDTH
from descentscape.document.entry_models import DATASET_MODELS, DatasetSpec
from descentscape.document.names import Name
from descentscape.document.points import Extent, Sha256
from descentscape.document.schema import OTHER, WORD, WORD_OR_OTHER, Tagged, knob, listed, one_of, tagged

ActivationKind: TypeAlias = Annotated[str, one_of(ACTIVATIONS)]
ActivationKinds: TypeAlias = Annotated[tuple[ActivationKind, ...], listed(0, MAX_LAYERS)]
Activations: TypeAlias = Annotated[
    Annotated[ActivationKind, WORD] | Annotated[ActivationKinds, OTHER], WORD_OR_OTHER
]
CostKind: TypeAlias = Annotated[str, one_of(COSTS)]
InitKind: TypeAlias = Annotated[str, one_of(INITS)]
FormulaKind: TypeAlias = Annotated[str, one_of(FORMULAS)]
FeatureKind: TypeAlias = Annotated[str, one_of(FEATURES)]
Features: TypeAlias = Annotated[tuple[FeatureKind, ...], listed(0, len(FEATURES))]
Width: TypeAlias = Annotated[int, Field(ge=1, le=MAX_WIDTH)]
Widths: TypeAlias = Annotated[tuple[Width, ...], listed(0, MAX_LAYERS)]

NOTATION = (
    "As in a book: x^2 + 2y^2, x² + y², sin(x)cos(y), e^x, |x|, √(x² + 1), 3x, ½xy, π. "
    "Also x**2, 2*x, × · ÷, and f(x, y) = in front. "
    "Functions: sin, cos, tan, arcsin, arccos, arctan, sinh, cosh, tanh, exp, ln (log is ln too), log10, "
    "log2, sqrt, cbrt, abs, sgn, min and max. "
    "From left to right, 1/2x is half of x; -x^2 is -(x^2); decimals have a point. "
    "How it was read stands below it."
)
"""What a typed formula may look like, for the learner; docs/formulas.md says it whole."""

OUTPUT_KINDS = {"sigmoid": "sigmoid", "softmax": "softmax", "linear": "linear"}


def _labels(table: dict[str, Any]) -> dict[str, str]:
    return {kind: entry.label for kind, entry in table.items()}


def _activation(more: str = "") -> Any:
    choices = _labels(ACTIVATIONS)
    return knob("tanh", label="activation σ", term="activation", choices=choices, help=more)


def _init() -> Any:
    return knob(
        "xavier",
        label="initial weights",
        term="initialisation",
        help="The rule that draws the first weights; biases start at zero.",
        choices=_labels(INITS),
    )


def _penalty(name: str, formula: str) -> Any:
    return knob(
        0.0,
        label=f"{name} penalty",
        help=f"Adds {formula} over all weights (not biases) to the cost.",
        low=0,
        high=10,
        typical=(1e-5, 1.0),
        log=True,
        term="regularisation",
    )


class LinearProblem(Tagged, title="Linear regression"):
    """Linear regression y ≈ w·x + b under C = 1/(2n) Σ‖y − a‖²: a bowl."""

    kind: Literal["linear"] = "linear"
    dataset: DatasetSpec = Field(DATASET_MODELS["line"](), title="data")
    init: InitKind = _init()


class ChainProblem(Tagged, title="Chain"):
    """The smallest deep network, y = σ(w₂ σ(w₁ x)), without biases."""

    kind: Literal["chain"] = "chain"
    dataset: DatasetSpec = Field(DATASET_MODELS["line"](), title="data")
    activation: ActivationKind = _activation()
    init: InitKind = _init()


class NetworkProblem(Tagged, title="Network"):
    """A network of any depth and width."""

    kind: Literal["network"] = "network"
    dataset: DatasetSpec = Field(DATASET_MODELS["moons"](), title="data")
    features: Features = Field(
        (),
        title="features",
        description="Functions of two inputs, appended to them as further inputs before any scaling.",
    )
    hidden: Widths = knob((8, 8), label="hidden layers", help="Width of each layer, in units.", term="layer")
    activation: Activations = _activation("Of all hidden layers; a list gives each its own.")
    output: Literal["sigmoid", "softmax", "linear"] | None = knob(
        None,
        label="output",
        help="Empty: one sigmoid unit for two classes, softmax for more, linear for regression.",
        choices=OUTPUT_KINDS,
    )
    cost: CostKind = knob("mse", label="cost", term="cost", choices=_labels(COSTS))
    init: InitKind = _init()
    l1: float = _penalty("L1", "λ Σ|w|")
    l2: float = _penalty("L2", "½ λ Σ w²")


class FormulaProblem(Tagged, title="Formula"):
    """A function f(x, y): a published test function, or one that the user types."""

    kind: Literal["formula"] = "formula"
    name: FormulaKind | None = knob("himmelblau", label="function", choices=_labels(FORMULAS))
    expression: str | None = Field(None, title="f(x, y)", description=NOTATION, max_length=MAX_LENGTH)
    domain: Extent | None = Field(
        None, title="domain", description="((x from, x to), (y from, y to)); empty: the function’s own."
    )

    @model_validator(mode="before")
    @classmethod
    def _expression_alone(cls, value: Any) -> Any:
        typed = isinstance(value, dict) and value.get("expression") is not None and "name" not in value
        return {**value, "name": None} if typed else value


class ExploredProblem(Tagged, title="A model from Python"):
    """A model that the Python which serves this explores: its cost, whatever computes it.

    Its document is valid for as long as that Python has the model, and nowhere else.
    """

    kind: Literal["explored"] = "explored"
    id: Sha256 = Field(title="name of the exploration")
    name: Name = Field("model", title="what the model is called")


PROBLEMS: tuple[type[Tagged], ...] = (LinearProblem, ChainProblem, NetworkProblem, FormulaProblem)
"""Those that can be chosen."""

if TYPE_CHECKING:
    Problem: TypeAlias = LinearProblem | ChainProblem | NetworkProblem | FormulaProblem | ExploredProblem
else:
    Problem = tagged((*PROBLEMS, ExploredProblem), "network")
