"""The parameters of a training loop as they go: in memory while they are few, else in a file."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import IO, Any, cast

import numpy as np

from descentscape.core.blocks import Block
from descentscape.core.errors import InvalidValue
from descentscape.core.foreign.paths import RecordedPath, RowFile, StoredRows
from descentscape.core.foreign.trees import blocks_of, leaves_of, shapes_of, to_array, to_vector
from descentscape.core.objective import AnyArray

IN_MEMORY = 256 * 2**20
"""Bytes of parameters from which on they are written to a file."""


class Recorder:
    """Collects the parameters of a PyTorch module, or of a tree of arrays, every so many steps.

    ::

        recorder = ds.Recorder(every=10)
        for batch in batches:
            recorder.record(model)      # before the step: the first entry is the start
            ...
        recorder.record(model, last=True)

    Calls are counted as steps, from 0; those at multiples of ``every`` are kept, and those that are ``last``.
    Numbers are kept as the model has them, in float32 or in float64. Beyond 256 MiB they go to a temporary
    file, which is gone with the recorder, or from the first one on to ``file``, from which `Recorder.open`
    has them again: rows of little-endian numbers, with the steps and the shapes as JSON in a file beside it.
    """

    def __init__(self, every: int = 1, file: str | Path | None = None, memory: int = IN_MEMORY) -> None:
        if every < 1:
            raise InvalidValue("every", "at least 1", every)
        self.every, self.steps = every, list[int]()
        self.names: list[str] = []
        self.shapes: list[tuple[int, ...]] = []
        self._calls, self._memory = 0, memory
        self._rows: list[AnyArray] = []
        self._path = None if file is None else Path(file)
        self._file = None if self._path is None else RowFile(self._path.open("w+b"))
        self._like: Any = None
        self._dtype: np.dtype[Any] | None = None

    @classmethod
    def open(cls, file: str | Path) -> Recorder:
        """The recording that was written to a file; InvalidValue where that is none, or not whole."""
        made = cls()
        made._path = Path(file)
        try:
            head = json.loads(_beside(made._path).read_text(encoding="utf-8"))
            made.every, made.steps, made.names = head["every"], list(head["steps"]), list(head["names"])
            made.shapes = [tuple(shape) for shape in head["shapes"]]
            made._dtype = np.dtype(head["dtype"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InvalidValue("file", "a recording, with its .json beside it", str(file)) from error
        made._calls = made.steps[-1] + 1 if made.steps else 0
        if made._path.stat().st_size < len(made.steps) * made.parameters * made._dtype.itemsize:
            raise InvalidValue("file", f"of {len(made.steps)} whole entries", made._path.stat().st_size)
        made._file = RowFile(made._path.open("rb+"))
        return made

    @property
    def parameters(self) -> int:
        """P, 0 before there is an entry."""
        return int(sum(np.prod(shape, dtype=int) for shape in self.shapes))

    def record(self, model: Any, step: int | None = None, *, last: bool = False) -> bool:
        """Keep the model's parameters if it is their turn; whether they were kept.

        ``step`` says which step this is, where calls are not to be counted; it is kept whatever it is.
        Raises InvalidValue for a model of other parameters than the ones before, and for numbers that are
        not finite: a training that has blown up has no more path.
        """
        turn = self._calls % self.every == 0 if step is None else True
        now = self._calls if step is None else step
        self._calls = now + 1
        if not (turn or last):
            return False
        if self.steps and now <= self.steps[-1]:
            raise InvalidValue("step", f"above {self.steps[-1]}, that of the entry before", now)
        self._keep(model, now)
        return True

    def _keep(self, model: Any, step: int) -> None:
        leaves = leaves_of(model)
        shapes = shapes_of(leaves)
        if self.steps and shapes != self.shapes:
            raise InvalidValue("model", f"of the shapes {self.shapes}, as before", shapes)
        vector = to_vector(model)
        if not np.isfinite(vector).all():
            raise InvalidValue(f"model at step {step}", "finite in all parameters", "inf or nan")
        if not self.steps:
            self.names, self.shapes, self._dtype = [name for name, _ in leaves], shapes, vector.dtype
            self._like = leaves[0][1]
        self._write(vector.astype(self._dtype, copy=False))
        self.steps.append(step)
        if self._path is not None:
            self._write_head()

    def _write(self, vector: AnyArray) -> None:
        if self._file is None and (len(self.steps) + 1) * vector.nbytes > self._memory:
            # Its name is gone at once, its bytes with the recorder.
            self._file = RowFile(cast(IO[bytes], tempfile.TemporaryFile()))  # noqa: SIM115
            for number, row in enumerate(self._rows):
                self._file.write(number * row.nbytes, row)
            self._rows.clear()
        if self._file is None:
            self._rows.append(np.array(vector))
        else:
            self._file.write(len(self.steps) * vector.nbytes, vector)

    def _write_head(self) -> None:
        assert self._path is not None
        assert self._dtype is not None
        head = {
            "every": self.every,
            "steps": self.steps,
            "names": self.names,
            "shapes": self.shapes,
            "dtype": self._dtype.newbyteorder("<").str,
        }
        _beside(self._path).write_text(json.dumps(head), encoding="utf-8")

    @property
    def leaf(self) -> Any:
        """The first parameter, which tells the library."""
        return np.empty(0, self._dtype) if self._like is None else self._like

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The parameters by layer and role."""
        return blocks_of(self.names, self.shapes)

    def path(self) -> RecordedPath:
        """The entries as a path; InvalidValue where there is none."""
        if not self.steps:
            raise InvalidValue("trajectory", "a recording of one entry at least", "none")
        steps = np.array(self.steps)
        if self._file is None:
            return RecordedPath(np.array(self._rows), steps)
        assert self._dtype is not None
        return RecordedPath(StoredRows(self._file, self._dtype, len(steps), self.parameters), steps)

    def __len__(self) -> int:
        return len(self.steps)

    def __repr__(self) -> str:
        where = "in memory" if self._file is None else f"in {self._path or 'a temporary file'}"
        last = f", steps {self.steps[0]:,} to {self.steps[-1]:,}" if self.steps else ""
        return f"<Recorder: {len(self)} entries of {self.parameters:,} parameters{last}, {where}>"


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".json")


def to_path(trajectory: Any) -> RecordedPath:
    """The path of a recorder, of rows ``(S, P)``, or of a sequence of vectors, modules or trees.

    Raises InvalidValue for what is none of these, for entries of different sizes, and for numbers that are
    not finite.
    """
    if isinstance(trajectory, Recorder):
        return trajectory.path()
    if isinstance(trajectory, RecordedPath):
        return trajectory
    rows = to_array(trajectory) if hasattr(trajectory, "shape") else _stacked(trajectory)
    if rows.ndim != 2 or not rows.size:
        raise InvalidValue("trajectory", "rows of parameters, (entries, P)", rows.shape)
    if not np.isfinite(rows).all():
        entry = int(np.flatnonzero(~np.isfinite(rows).all(axis=1))[0])
        raise InvalidValue(f"trajectory[{entry}]", "finite in all parameters", "inf or nan")
    return RecordedPath(rows, np.arange(len(rows)))


def _stacked(entries: Any) -> AnyArray:
    try:
        vectors = [to_vector(entry, f"trajectory[{k}]") for k, entry in enumerate(entries)]
    except TypeError as error:
        raise InvalidValue("trajectory", "a recorder, or a sequence of parameters", entries) from error
    for k, vector in enumerate(vectors):
        if len(vector) != len(vectors[0]):
            raise InvalidValue(f"trajectory[{k}]", f"of {len(vectors[0]):,} parameters", len(vector))
    return np.array(vectors) if vectors else np.empty((0, 0))
