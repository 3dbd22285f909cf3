"""The shapes of the answers, for /openapi.json; what is sent is made straight from the arrays."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from descentscape.core.descent.trajectory import Status

Values = list[float | None]
"""Null stands for a number that is not finite."""

ExtentAnswer = tuple[tuple[float, float], tuple[float, float]]


class Answer(BaseModel, extra="forbid"):
    """A part of an answer."""


class FieldProblem(Answer):
    """What is wrong with one field."""

    field: str
    message: str
    limit: float | None = None


class GoneData(Answer):
    """Data that a document names and that the service has no more: open the file of this hash again."""

    kind: Literal["table", "checkpoints"]
    name: str
    sha256: str


class Problem(Answer):
    """A problem document, RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem]
    gone: GoneData | None = Field(None, description="Stored data to open anew, where the type is gone.")


class ColumnAnswer(Answer):
    """A column of a table: what it was read as, and what will be done about it."""

    name: str
    kind: Literal["number", "category", "date", "text", "constant", "empty"]
    missing: int
    distinct: int
    examples: list[str]
    note: str


class TableContent(Answer):
    """A column with its cells, as a document has it."""

    name: str
    cells: list[str]


class TableAnswer(Answer):
    """What a table holds, a guess of what could be learnt from it, and its first rows."""

    sha256: str
    name: str
    rows: int
    columns: list[ColumnAnswer]
    target: str | None
    inputs: list[str]
    task: Literal["regression", "classes"] | None
    notes: list[str]
    sample: list[list[str]]
    content: list[TableContent] | None = Field(
        None,
        description="The columns with all cells, where a document can carry them.",
    )


class CheckpointsAnswer(Answer):
    """A stored training run, or a trained model of one checkpoint: its layers, and what its files say."""

    sha256: str
    name: str
    widths: list[int]
    activations: list[str] | None
    output: str | None
    checkpoints: int
    steps: list[int]
    parameters: int
    notes: list[str]


class PlaneAnswer(Answer):
    """A plane through the space of parameters: the points origin + a·basis₀ + b·basis₁."""

    kind: str
    origin: Values
    basis: tuple[Values, Values]
    orthonormal: bool
    variance_share: tuple[float, float] | None
    null_share: tuple[float, float] | None
    exact: bool
    note: str
    labels: tuple[str, str]


class RunAnswer(Answer):
    """One descent: entry 0 is the start, entry k the state after k steps."""

    label: str
    status: Status
    stationary_at: int | None
    cost: Values
    path: list[tuple[float | None, float | None]]
    shadow_cost: Values
    off_plane: Values
    grad_norm: Values
    theta: list[Values] | None = Field(None, description="This and what follows only when included.")
    layer_grad_norms: list[Values] | None = None
    batch_cost: Values | None = None
    test_cost: Values | None = None
    learning_rate: Values | None = None
    gradient_evaluations: list[int] | None = None
    examples_seen: list[int] | None = None


class RunsAnswer(Answer):
    """The descents of an experiment, and the plane that they are seen in."""

    experiment: dict[str, Any]
    plane: PlaneAnswer
    extent: ExtentAnswer
    runs: list[RunAnswer]


class Clipped(Answer):
    """Heights beyond which a picture had better not go, and how many cells lie beyond."""

    low: float | None
    high: float | None
    count: int


class CaptionAnswer(Answer):
    """A sentence about the picture, of the run ``name`` if any; ``brief`` is its rest where room is short."""

    key: str
    name: str | None
    strong: str
    text: str
    brief: str | None
    warn: bool


class HeightAxisAnswer(Answer):
    """Which costs a height axis shows, where the surface beyond it is drawn, and its numbers and lines."""

    log: bool
    refused: bool = Field(description="A log axis was asked for, and the costs do not allow it.")
    low: float
    high: float
    drawn: tuple[float, float]
    above: int
    below: int
    missing: int
    cells: int
    span: float
    ticks: list[tuple[float, str]]
    scene_lines: tuple[float, float] = Field(description="The first contour line, and the step, on the axis.")
    map_lines: tuple[float, float]
    ranks: list[float] = Field(description="Shares of the axis where colours by rank stand.")
    captions: list[CaptionAnswer]
    notes: list[str]


class HeightAnswer(Answer):
    """The height axis, by the view’s kinds of height."""

    linear: HeightAxisAnswer
    log: HeightAxisAnswer


class SurfaceAnswer(Answer):
    """The cost over a window of the plane: ``cost[row of b][column of a]``, null where it is not finite."""

    a: Values
    b: Values
    cost: list[Values]
    plane: PlaneAnswer
    extent: ExtentAnswer
    exact: bool
    clipped: Clipped
    height: HeightAnswer


class CurvatureAnswer(Answer):
    """The curvature at a point; eigenvalues ascend.

    When not complete they are those at both ends that have converged, each once however often it is repeated.
    """

    cost: float | None
    grad_norm: float | None
    eigenvalues: Values
    complete: bool
    negative_count: int
    classification: Literal["minimum", "saddle", "maximum", "degenerate", "not_critical"]
    index: int | None
