"""The checkpoints of a training run as they are stored: a line of JSON, then θ as little-endian float64."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from descentscape.core.data.store import StoredKind, stored
from descentscape.core.errors import InvalidValue
from descentscape.core.objective import Array

KIND: StoredKind = "checkpoints"

MAX_CHECKPOINTS = 5000
MAX_NUMBERS = 2**23
"""Numbers of all checkpoints together: 64 MiB."""

_HEADS_KEPT = 256


@dataclass(frozen=True)
class Head:
    """What a run's checkpoints are of, without their numbers.

    ``widths`` are the units of each layer, inputs and outputs included; ``activations`` those of the hidden
    layers and ``output`` the output’s, None where nothing says; ``steps`` after how many each was saved. How
    the file was called is not among them: under another name it is known by its hash too.
    """

    widths: tuple[int, ...]
    activations: tuple[str, ...] | None
    output: str | None
    steps: tuple[int, ...]

    @property
    def parameters(self) -> int:
        """P, biases included."""
        return sum((before + 1) * after for before, after in pairwise(self.widths))


@dataclass(frozen=True, eq=False)
class RecordedWeights:
    """The parameters of a network at S moments of its training: ``theta`` ``(S, P)``, all finite."""

    head: Head
    theta: Array

    def __post_init__(self) -> None:
        count, parameters = self.theta.shape
        if count != len(self.head.steps) or parameters != self.head.parameters:
            raise InvalidValue("checkpoints", "as many numbers as their head says", self.theta.shape)
        if not 1 <= count <= MAX_CHECKPOINTS:
            raise InvalidValue("checkpoints", f"1 to {MAX_CHECKPOINTS}", count)
        if self.theta.size > MAX_NUMBERS:
            raise InvalidValue("checkpoints", f"at most {MAX_NUMBERS} numbers in all", self.theta.size)

    def content(self) -> bytes:
        """What is stored of them, by whose SHA-256 a document names them."""
        head: dict[str, Any] = {name: getattr(self.head, name) for name in Head.__dataclass_fields__}
        line = json.dumps(head, separators=(",", ":"), allow_nan=False).encode()
        # Numbers that begin at a multiple of eight bytes can be computed with where they lie.
        return line + b" " * (-(len(line) + 1) % 8) + b"\n" + self.theta.astype("<f8").tobytes()


def recorded_weights(sha256: str, field: str) -> RecordedWeights:
    """The stored checkpoints of a hash that ``field`` names; their numbers are a view of what is stored.

    Raises `Gone` where they are stored no more.
    """
    content = stored(KIND, sha256, field)
    end = content.index(b"\n")
    head = _head(content[:end])
    theta = np.frombuffer(content, "<f8", offset=end + 1).reshape(len(head.steps), head.parameters)
    return RecordedWeights(head, np.require(theta, requirements="A"))


def recorded_head(sha256: str, field: str) -> Head:
    """The same of their head alone."""
    content = stored(KIND, sha256, field)
    return _head(content[: content.index(b"\n")])


@lru_cache(_HEADS_KEPT)
def _head(line: bytes) -> Head:
    said = json.loads(line)
    activations = said["activations"]
    return Head(
        widths=tuple(said["widths"]),
        activations=None if activations is None else tuple(activations),
        output=said["output"],
        steps=tuple(said["steps"]),
    )
