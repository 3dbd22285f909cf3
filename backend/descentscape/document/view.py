"""The part of the document that says how an experiment is looked at; it never changes a trajectory."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from descentscape.document.bounds import (
    MAX_LABEL,
    MAX_PARAMETERS,
    MAX_RESOLUTION,
    MAX_ROWS,
    MAX_RUNS,
    MAX_SEED,
    MAX_STEPS,
)
from descentscape.document.planes import PlaneSpec
from descentscape.document.points import Extent, Pair
from descentscape.document.schema import OTHER, WORD, WORD_OR_OTHER, Model, knob

Fitted: TypeAlias = Annotated[Annotated[Literal["fit"], WORD] | Annotated[Extent, OTHER], WORD_OR_OTHER]


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


class Overlays(Model):
    """What is drawn over the surface; what a problem does not have is not drawn."""

    gradient_field: bool = knob(False, label="slope arrows", help="Downhill, −∇C, on a grid.")
    critical_points: bool = knob(
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
    quadratic_model: bool = knob(
        False,
        label="quadratic model",
        help="The parabola that Newton’s method takes the surface for, around the place under the cursor.",
    )
    random_walk: bool = knob(False, label="random walk", help="The plane of a random walk beside the path’s.")


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
    moving_plane: bool = knob(
        False, label="moving plane", help="Whether the slice goes through the run’s point at every step."
    )
    surface: Literal["train", "batch", "test"] = knob(
        "train",
        label="cost on",
        help="The examples that the height of the surface is the cost on.",
        choices={"train": "training set", "batch": "mini-batch", "test": "test set"},
    )
    overlays: Overlays = Overlays()
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
    tab: str = knob(
        "cost",
        label="view",
        help="Which of the page’s panels is open; of a name that it has none of, the first.",
        pattern="^[a-z][a-z-]*$",
        max_length=MAX_LABEL,
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
