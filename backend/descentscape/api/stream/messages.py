"""What a stream's client may say and what it is told, as docs/stream.md describes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias, get_args

from pydantic import Field
from pydantic_core import to_json

from descentscape.api.ops.errors import refused_message
from descentscape.compute.results import Channel
from descentscape.core.errors import InvalidValue
from descentscape.document.bounds import MAX_RESOLUTION, MAX_RUNS, MAX_STEPS
from descentscape.document.experiment import Experiment
from descentscape.document.json_bounds import model_of, read_json
from descentscape.document.planes import PlaneSpec
from descentscape.document.points import Extent, PlaceSpec
from descentscape.document.runs import Edit
from descentscape.document.schema import Model, listed
from descentscape.studies import StudyRequest
from descentscape.studies.inspection import Wants

StreamChannel = Literal[Channel, "state"]
"""What a frame of steps may carry, an entry a step."""

ServerType = Literal["opened", "plane", "progress", "status", "state", "error"]

CHANNELS: tuple[StreamChannel, ...] = get_args(StreamChannel)
DEFAULT_CHANNELS: tuple[StreamChannel, ...] = ("path", "cost", "shadow_cost", "off_plane", "grad_norm")
MAX_SPEED = 1e6
MAX_ID = 2**53

Channels: TypeAlias = Annotated[tuple[StreamChannel, ...], listed(0, len(CHANNELS))]
Entry: TypeAlias = Annotated[int, Field(ge=0, le=MAX_STEPS + 1)]
Entries: TypeAlias = Annotated[tuple[Entry, ...], listed(1, MAX_RUNS)]
Id: TypeAlias = Annotated[int, Field(ge=0, le=MAX_ID)]
Speed: TypeAlias = Annotated[float, Field(gt=0, le=MAX_SPEED)]


class Resume(Model):
    """What a client that lost its connection already holds."""

    plane_id: str = Field(max_length=64)
    steps: Entries = Field(description="The first entry still wanted, for each run.")


class Open(Model):
    """Compute this experiment, and forget the one before."""

    type: Literal["open"]
    experiment: Experiment
    channels: Channels = DEFAULT_CHANNELS
    resume: Resume | None = None
    keep_plane: bool = False


class Play(Model):
    """Send the steps on, so many a second; null as fast as they are computed."""

    type: Literal["play"]
    speed: Speed | None = None


class Pause(Model):
    """Send no further steps."""

    type: Literal["pause"]


class StepBy(Model):
    """Pause, and go so many steps on (or back)."""

    type: Literal["step"]
    count: int = Field(1, ge=-MAX_STEPS, le=MAX_STEPS)


class Seek(Model):
    """Go to this step; playing goes on from there."""

    type: Literal["seek"]
    step: int = Field(ge=0, le=MAX_STEPS)


class ChangeSpeed(Model):
    """Play at another speed from now on."""

    type: Literal["speed"]
    speed: Speed | None


class AddEdit(Model):
    """Append an edit to the document; what follows it is computed anew, in the same plane."""

    type: Literal["edit"]
    edit: Edit


class Extend(Model):
    """Go on past the end, to this number of steps."""

    type: Literal["extend"]
    steps: int = Field(ge=1, le=MAX_STEPS)


class Refit(Model):
    """Fit plane and extent afresh."""

    type: Literal["refit"]


class AskSurface(Model):
    """Sample the surface, coarse to fine; the request before is given up."""

    type: Literal["surface"]
    id: Id
    resolution: int | None = Field(None, ge=3, le=MAX_RESOLUTION)
    extent: Extent | None = None
    plane: PlaneSpec | None = None


class Inspect(PlaceSpec):
    """Look into the network at a step, at given parameters, or at a point of the plane."""

    type: Literal["inspect"]
    id: Id
    want: Wants = ("outputs",)
    resolution: int | None = Field(None, ge=3, le=MAX_RESOLUTION)
    window: Extent | None = None


class AskStudy(PlaceSpec):
    """Study a place: a step, parameters, or a point of the plane; the study before of its kind is dropped."""

    type: Literal["study"]
    id: Id
    study: StudyRequest


class Cancel(Model):
    """Give up the surface, the studies, and the inspections that wait for their step, or the one of an id."""

    type: Literal["cancel"]
    id: Id | None = None


Message: TypeAlias = (
    Open
    | Play
    | Pause
    | StepBy
    | Seek
    | ChangeSpeed
    | AddEdit
    | Extend
    | Refit
    | AskSurface
    | Inspect
    | AskStudy
    | Cancel
)

MESSAGES: dict[str, type[Message]] = {
    get_args(model.model_fields["type"].annotation)[0]: model for model in get_args(Message)
}


def read_document(text: str | bytes) -> dict[str, Any]:
    """The JSON object that a message is; raises InvalidValue where it is none."""
    document = read_json("message", text)
    if not isinstance(document, dict):
        raise InvalidValue("message", "an object", document)
    return document


def message_of(document: dict[str, Any]) -> Message:
    """The message of a JSON object; raises InvalidValue or pydantic's ValidationError where it is none."""
    kind = document.get("type")
    model = MESSAGES.get(kind) if isinstance(kind, str) else None
    if model is None:
        raise InvalidValue("type", f"one of {', '.join(MESSAGES)}", kind)
    return model_of(model, document)


def say(kind: ServerType, content: Mapping[str, Any]) -> str:
    """A message to the client; a number that is not finite becomes null."""
    return to_json({"type": kind, **content}, inf_nan_mode="null").decode()


def complaint(error: Exception, number: object = None) -> str:
    """The message about an error; ``number`` is the id of what the client had asked for."""
    problem = refused_message(error).as_json()
    answered = {"id": number} if isinstance(number, int) else {}
    return say("error", problem | {"problem": problem["type"], "type": "error"} | answered)
