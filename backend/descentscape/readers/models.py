"""Trained models and training runs as parts of a document: read, stored, and named by their hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from descentscape.core.data.checkpoint_content import KIND, Head
from descentscape.core.data.store import current_store
from descentscape.core.errors import InvalidValue
from descentscape.core.objective import Array
from descentscape.document.bounds import MAX_LABEL, MAX_LAYERS, MAX_PARAMETERS, MAX_STEPS, MAX_WIDTH
from descentscape.readers.checkpoint_files import MAX_NAME, read_checkpoints
from descentscape.readers.weight_arrays import MAX_ARRAYS, MAX_BYTES

ENDINGS = (".safetensors", ".npz", ".json", ".zip")
"""The files of a folder that are read."""


@dataclass(frozen=True, eq=False, repr=False)
class Checkpoints:
    """A trained model, or the checkpoints of a training run, stored under ``sha256``.

    ``name`` is that of the file, ``head`` says of which layers they are and after how many steps each was
    saved, ``theta`` ``(S, P)`` are their parameters, ``notes`` what was done to read them. `recorded` and
    `start` are parts of a document.
    """

    sha256: str
    name: str
    head: Head
    theta: Array
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        layers = " → ".join(map(str, self.head.widths))
        steps = f"steps {self.head.steps[0]} to {self.head.steps[-1]}"
        return f"Checkpoints({self.name!r}: {len(self.theta)} of {layers}, {steps})"

    @property
    def recorded(self) -> dict[str, Any]:
        """The checkpoints as one of the runs of a document."""
        return {"recorded": {"sha256": self.sha256, "name": self.name[:MAX_LABEL]}}

    def start(self, entry: int | None = None) -> dict[str, Any]:
        """A checkpoint, counted from 0, as a start of a document; the last if None."""
        return {"kind": "stored", "sha256": self.sha256, "entry": entry}

    def experiment(
        self,
        dataset: Mapping[str, Any],
        *,
        cost: str = "mse",
        activation: str | Sequence[str] | None = None,
        output: str | None = None,
        beside: Iterable[Mapping[str, Any]] = (),
    ) -> dict[str, Any]:
        """The document that shows the recorded run on a data set, beside others from its first checkpoint.

        A trained model of one checkpoint becomes the start of the runs ``beside``, of Adam unless some are
        given. ``activation`` and ``output`` are only needed where the files do not say.
        """
        problem: dict[str, Any] = {"dataset": dict(dataset), "hidden": list(self.head.widths[1:-1])}
        problem |= {"cost": cost, "output": output or self.head.output}
        hidden = activation or self.head.activations
        if hidden:
            problem["activation"] = hidden if isinstance(hidden, str) else list(hidden)
        single = len(self.theta) == 1
        runs = [*([] if single else [self.recorded]), *map(dict, beside)] or [{}]
        document = {"problem": problem, "runs": runs, "start": self.start(0)}
        return document | ({} if single else {"steps": min(len(self.theta) - 1, MAX_STEPS)})

    def described(self) -> dict[str, Any]:
        """What the service answers of them."""
        head = self.head
        return {
            "sha256": self.sha256,
            "name": self.name,
            "widths": head.widths,
            "activations": head.activations,
            "output": head.output,
            "checkpoints": len(head.steps),
            "steps": [head.steps[0], head.steps[-1]],
            "parameters": head.parameters,
            "notes": self.notes,
        }


def store_checkpoints(files: Sequence[tuple[str, bytes]]) -> Checkpoints:
    """Read files, given as (name, content), and store them; raises as `content_and_account` does."""
    content, account = content_and_account(files)
    current_store().put(KIND, content)
    return account


def content_and_account(files: Sequence[tuple[str, bytes]]) -> tuple[bytes, Checkpoints]:
    """What files, given as (name, content), are stored as, and what they hold.

    Raises InvalidValue for what cannot be read, and for a network that is larger than an experiment's.
    """
    read = read_checkpoints(files)
    head = read.weights.head
    if max(head.widths[1:-1], default=1) > MAX_WIDTH:
        raise InvalidValue("file", f"a network with at most {MAX_WIDTH} units a layer", max(head.widths))
    if len(head.widths) - 2 > MAX_LAYERS:
        raise InvalidValue("file", f"a network with at most {MAX_LAYERS} hidden layers", len(head.widths) - 2)
    if head.parameters > MAX_PARAMETERS:
        raise InvalidValue("file", f"a network of at most {MAX_PARAMETERS:,} parameters", head.parameters)
    content = read.weights.content()
    sha256 = hashlib.sha256(content).hexdigest()
    return content, Checkpoints(sha256, files[0][0][:MAX_NAME], head, read.weights.theta, read.notes)


def checkpoints_in(paths: Sequence[str | PathLike[str]], name: str | None = None) -> Checkpoints:
    """Those in files, and in the folders among them.

    Raises InvalidValue as `store_checkpoints` does, OSError for what is not there.
    """
    found = [file for path in paths for file in _files(Path(path))]
    if len(found) > MAX_ARRAYS:
        raise InvalidValue("paths", f"at most {MAX_ARRAYS} files", len(found))
    size = sum(file.stat().st_size for file in found)
    if size > MAX_BYTES:
        raise InvalidValue("paths", f"at most {MAX_BYTES} bytes", size)
    files = [(file.name, file.read_bytes()) for file in found]
    if name is not None and files:
        files[0] = (name[:MAX_NAME], files[0][1])
    return store_checkpoints(files)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.iterdir() if file.suffix.lower() in ENDINGS)
