"""The part of the document that says how an experiment is looked at; it never changes a trajectory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import ConfigDict, Field

from descentscape.document.bounds import (
    MAX_COORDINATE,
    MAX_PARAMETERS,
    MAX_RESOLUTION,
    MAX_ROWS,
    MAX_RUNS,
    MAX_SEED,
    MAX_STEPS,
)
from descentscape.document.schema import Model, Tagged, knob, listed, pair, tagged, word_or

if TYPE_CHECKING:
    Coordinate: TypeAlias = float
    Values: TypeAlias = tuple[float, ...]
    Pair: TypeAlias = tuple[float, float]
    Extent: TypeAlias = tuple[Pair, Pair]
    Fitted: TypeAlias = Literal["fit"] | Extent
    Chosen: TypeAlias = Literal["all"] | tuple[int, ...]
else:
    Coordinate = Annotated[float, Field(ge=-MAX_COORDINATE, le=MAX_COORDINATE)]
    Values = listed(Coordinate, 1, MAX_PARAMETERS, fail_fast=True)
    Pair = pair(Coordinate)
    Extent = pair(Pair)
    Fitted = word_or(Literal["fit"], Extent)
    Run = Annotated[int, Field(ge=0, lt=MAX_RUNS)]
    Chosen = word_or(Literal["all"], listed(Run, 1, MAX_RUNS))


class PointSpec(Model):
    """A point of parameter space: a step of a run (null: its last), or the parameters themselves."""

    run: int = knob(0, label="run", low=0, high=MAX_RUNS - 1)
    step: int | None = knob(None, label="step", low=0, high=MAX_STEPS, help="Empty: the last one.")
    theta: Values | None = None


class PlaceSpec(PointSpec):
    """A step of a run (null: its last), the parameters themselves, or a point [a, b] of the plane."""

    at: Pair | None = None


LAST = PointSpec()

if TYPE_CHECKING:
    Three: TypeAlias = tuple[PointSpec, PointSpec, PointSpec]
else:
    Three = Annotated[tuple[PointSpec, PointSpec, PointSpec], Field(strict=False)]


class AxesPlane(Tagged):
    """Two of the parameters, all others held at the origin."""

    model_config = ConfigDict(title="Two parameters")

    kind: Literal["axes"] = "axes"
    parameters: tuple[int, int] = Field((0, 1), title="parameters", strict=False)
    origin: PointSpec | None = None


class RandomPlane(Tagged):
    """Two Gaussian directions drawn from a seed."""

    model_config = ConfigDict(title="Random directions")

    kind: Literal["random"] = "random"
    seed: int = knob(0, label="seed", low=0, high=MAX_SEED, term="seed")
    normalization: Literal["none", "layer", "filter"] = knob(
        "none",
        label="normalisation",
        term="filter normalisation",
        help="Scale each direction, layer by layer or unit by unit, to the weights it stands beside.",
        choices={"none": "none, orthonormal", "layer": "by layer", "filter": "by filter"},
    )
    biases: bool = knob(True, label="biases", help="Whether the directions move the biases too.")
    origin: PointSpec = LAST


class PcaPlane(Tagged):
    """The two directions in which the paths spread most."""

    model_config = ConfigDict(title="PCA of the paths")

    kind: Literal["pca"] = "pca"
    runs: Chosen = Field("all", title="runs", description="Whose paths are analysed.")
    center: Literal["mean", "start", "end"] = knob(
        "mean",
        label="centre",
        help="The point that the spread is measured from.",
        choices={"mean": "mean of the paths", "start": "start", "end": "end of the first run"},
    )


class HessianPlane(Tagged):
    """The directions of most positive and most negative curvature at a step."""

    model_config = ConfigDict(title="Extreme curvatures")

    kind: Literal["hessian"] = "hessian"
    run: int = knob(0, label="run", low=0, high=MAX_RUNS - 1)
    step: int | None = knob(None, label="step", low=0, high=MAX_STEPS, help="Empty: the last one.")


class GradientPlane(Tagged):
    """Steepest descent and the optimizer’s own step, at a step."""

    model_config = ConfigDict(title="Gradient and step")

    kind: Literal["gradient"] = "gradient"
    run: int = knob(0, label="run", low=0, high=MAX_RUNS - 1)
    step: int = knob(0, label="step", low=0, high=MAX_STEPS)


class PointsPlane(Tagged):
    """The plane through three points, such as the ends of three runs."""

    model_config = ConfigDict(title="Through three points")

    kind: Literal["points"] = "points"
    points: Three | None = Field(
        None,
        title="points",
        description="Empty: the first run’s start and two runs’ ends; of one run start, middle and end.",
    )


class CustomPlane(Tagged):
    """A plane given by its origin and its two directions."""

    model_config = ConfigDict(title="Own directions")

    kind: Literal["custom"] = "custom"
    origin: Values
    basis: tuple[Values, Values] = Field(strict=False)


PLANES: tuple[type[Tagged], ...] = (
    PcaPlane,
    AxesPlane,
    RandomPlane,
    HessianPlane,
    GradientPlane,
    PointsPlane,
    CustomPlane,
)

if TYPE_CHECKING:
    PlaneSpec: TypeAlias = (
        PcaPlane | AxesPlane | RandomPlane | HessianPlane | GradientPlane | PointsPlane | CustomPlane
    )
else:
    PlaneSpec = tagged(PLANES, "pca")


class GridSpec(Model):
    """The window of the plane that is drawn, and how finely."""

    resolution: int = knob(
        101,
        label="resolution",
        low=3,
        high=MAX_RESOLUTION,
        typical=(31, 201),
        help="Points along each side of the grid.",
    )
    extent: Fitted = Field("fit", title="extent")


class Eye(Model):
    """Where the camera of the 3D scene stands, in units of the scene’s size."""

    x: float = knob(1.25, label="x", low=-100, high=100)
    y: float = knob(1.25, label="y", low=-100, high=100)
    z: float = knob(1.25, label="z", low=-100, high=100)


class Camera(Model):
    """The camera of the 3D scene, which looks at its middle."""

    eye: Eye = Eye()


class Layers(Model):
    """What is drawn over the surface; what a problem does not have is not drawn."""

    field: bool = knob(False, label="slope arrows", help="Downhill, −∇C, on a grid.")
    critical: bool = knob(
        False,
        label="critical points",
        help="Minima, saddles and maxima in the window, of problems with two parameters.",
        term="critical point",
    )
    basins: Literal["none", "minima", "against"] = knob(
        "none",
        label="basins",
        help="Where descents end that start anywhere in the window.",
        choices={"none": "none", "minima": "of one run", "against": "and where the next run disagrees"},
    )
    arrows: Literal["none", "step", "all"] = knob(
        "none",
        label="step’s arrows",
        help="The gradient, the optimizer’s memory and the step at the cursor, as arrows on the surface.",
        choices={"none": "none", "step": "of the run", "all": "and every other rule’s step"},
    )
    model: bool = knob(
        False,
        label="quadratic model",
        help="The parabola that Newton’s method takes the surface for, around the place under the cursor.",
    )
    null: bool = knob(False, label="random walk", help="The plane of a random walk beside the path’s.")


class Picked(Model):
    """What picks a direction that is one parameter's, or drawn at random."""

    parameter: int = knob(0, label="parameter", low=0, high=MAX_PARAMETERS - 1)
    seed: int = knob(0, label="seed", low=0, high=MAX_SEED, term="seed")


class Directed(Picked):
    """A direction v: of length 1, but for the run's step and for a vector of the plane, taken as they are."""

    direction: Literal["gradient", "parameter", "random", "step", "plane"] = knob(
        "gradient",
        label="direction",
        choices={
            "gradient": "along the gradient",
            "parameter": "along one weight",
            "random": "a random direction",
            "step": "the run’s next step",
            "plane": "an arrow on the surface",
        },
    )
    vector: Pair = Field((1.0, 0.0), title="vector")


class Nudge(Directed):
    """The nudge of the lab: along v, by a size."""

    size: float = knob(0.1, label="size", low=-1000, high=1000)


class View(Model):
    """How an experiment is shown."""

    plane: PlaneSpec | None = Field(None, title="plane")
    grid: GridSpec = GridSpec()
    height: Literal["linear", "log"] = knob(
        "linear", label="height", choices={"linear": "cost", "log": "log cost"}
    )
    colors: Literal["height", "rank"] = knob(
        "height",
        label="colour",
        help="By rank each colour covers as much of the surface as any other.",
        choices={"height": "height", "rank": "rank"},
    )
    travels: bool = knob(
        False, label="travelling plane", help="Whether the slice goes through the run’s point at every step."
    )
    ground: Literal["train", "batch", "test"] = knob(
        "train",
        label="cost on",
        help="The examples that the height of the surface is the cost on.",
        choices={"train": "training set", "batch": "mini-batch", "test": "test set"},
    )
    layers: Layers = Layers()
    stage: Literal["3d", "contour", "both", "lab"] = knob(
        "3d", label="stage", choices={"3d": "3D", "contour": "contour", "both": "both", "lab": "lab"}
    )
    lab: Literal["chain", "lines", "backprop", "nudge", "cost"] = knob(
        "chain",
        label="lab",
        choices={
            "chain": "Chain of functions",
            "lines": "Lines",
            "backprop": "Backpropagation",
            "nudge": "Nudge",
            "cost": "Cost",
        },
    )
    tab: Literal["cost", "network", "step", "curvature"] = knob(
        "cost",
        label="view",
        choices={"cost": "Cost", "network": "Network", "step": "Step", "curvature": "Curvature"},
    )
    compare_by: Literal["steps", "examples", "evaluations"] = knob(
        "steps",
        label="costs by",
        help="What the cost curves of a race are drawn over.",
        choices={
            "steps": "by steps",
            "examples": "by examples seen",
            "evaluations": "by gradients computed",
        },
    )
    example: int = knob(
        0, label="example", low=0, high=MAX_ROWS - 1, help="The training example that the lab follows."
    )
    nudge: Nudge = Nudge()
    run: int = knob(
        0, label="run", low=0, high=MAX_RUNS - 1, help="Whose step, network and curvature are shown."
    )
    theme: Literal["light", "dark"] | None = knob(None, label="theme", help="Empty: as the system has it.")
    camera: Camera | None = None
    step: int | None = knob(None, label="step", low=0, high=MAX_STEPS, help="The step under the cursor.")
