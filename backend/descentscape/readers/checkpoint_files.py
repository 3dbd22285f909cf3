"""A trained model, or the checkpoints of a training run, from the bytes of a file that someone brings.

A safetensors, NPZ or JSON file, a zip of several of them, or several files; arrays with a leading axis are
several checkpoints. What is not sound is refused with a sentence, and nothing in a file is executed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from math import isfinite
from typing import Any

import numpy as np

from descentscape.core.data.checkpoint_content import MAX_CHECKPOINTS, MAX_NUMBERS, Head, RecordedWeights
from descentscape.core.data.tables.columns import shown
from descentscape.core.errors import InvalidValue
from descentscape.core.network.activations import ACTIVATIONS
from descentscape.core.network.costs import OUTPUTS
from descentscape.core.objective import Array
from descentscape.readers.dense_chain import STEPS, DenseChain, dense_chain
from descentscape.readers.weight_arrays import MAX_ARRAYS, opened_zip, read_npz, read_safetensors

MAX_JSON = 8 * 2**20
"""Bytes of a JSON file: its numbers take several times as much when they are read."""

MAX_ITEMS = 500_000
"""Items of its lists and objects, and these themselves: all are made at once, and others wait for that."""

MAX_DEPTH, MAX_NAME = 16, 80

CONVERT = (
    "a file without code in it; a PyTorch file is a pickle, which can run anything. Convert it with: "
    "import torch, safetensors.torch; "
    'safetensors.torch.save_file(torch.load("{name}", weights_only=True), "{stem}.safetensors")'
)
CONVERT_KERAS = (
    "safetensors, NPZ, JSON or a zip of such; convert a Keras model with: "
    'import numpy; numpy.savez("{stem}.npz", *model.get_weights())'
)
_PICKLES = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
_SYNONYMS = {"identity": "linear", "logistic": "sigmoid", "none": "linear"}


@dataclass(frozen=True, eq=False)
class ReadRun:
    """What came of a file: the checkpoints, and sentences about what was done to read them."""

    weights: RecordedWeights
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Part:
    """What one file holds: a chain, the name of the file, and what else it says of the network."""

    name: str
    chain: DenseChain
    said: Mapping[str, Any] = field(default_factory=dict)


def read_checkpoints(files: Sequence[tuple[str, bytes]]) -> ReadRun:
    """The checkpoints in files, given as (name, content), in the order of their steps.

    Steps are those that arrays or a file’s own texts name, else the last number of the files’ names, else
    they count from 0. What follows a checkpoint that is not finite is left out.

    Raises:
        InvalidValue: a file cannot be read, or they do not belong together; names the file.

    """
    if not files:
        raise InvalidValue("file", "given", "none")
    parts = [part for name, content in files for part in _parts(name, content)]
    _refuse_strangers(parts)
    first = parts[0].chain
    steps, notes = _steps(parts)
    order = np.argsort(steps, kind="stable")
    theta = np.concatenate([part.chain.theta for part in parts])[order]
    finite = np.isfinite(theta).all(axis=1)
    kept = len(theta) if finite.all() else int(finite.argmin())
    if kept == 0:
        raise InvalidValue("file", "of finite numbers in its first checkpoint")
    if kept < len(theta):
        notes.append(f"Only the {kept} checkpoints before the first that is not finite were taken.")
    activations, output = _functions(parts, len(first.widths) - 2)
    head = Head(first.widths, activations, output, tuple(steps[place] for place in order[:kept]))
    said = [note for part in parts for note in part.chain.notes]
    return ReadRun(RecordedWeights(head, theta[:kept]), tuple(dict.fromkeys([*notes, *said]))[:8])


def _refuse_strangers(parts: Sequence[_Part]) -> None:
    """Raise InvalidValue for checkpoints of other layers than the first, and for too many."""
    if not parts:
        raise InvalidValue("file", "one with a trained model in it", "an empty one")
    first = parts[0].chain
    for part in parts:
        if part.chain.widths != first.widths:
            shape = " → ".join(map(str, first.widths))
            raise InvalidValue(part.name[:MAX_NAME], f"of the layers {shape} as the first", part.chain.widths)
    count = sum(len(part.chain.theta) for part in parts)
    if count > MAX_CHECKPOINTS:
        raise InvalidValue("file", f"at most {MAX_CHECKPOINTS} checkpoints", count)
    if count * first.theta.shape[1] > MAX_NUMBERS:
        raise InvalidValue("file", f"at most {MAX_NUMBERS} numbers in all", count * first.theta.shape[1])


def _parts(name: str, content: bytes) -> Iterator[_Part]:
    """The models in a file, which may be several."""
    stem = name.rpartition("/")[2].rpartition(".")[0][-40:]
    form = {"name": name[-40:], "stem": stem or "model"}
    if content.startswith(b"\x89HDF"):
        raise InvalidValue(name[:MAX_NAME], CONVERT_KERAS.format(**form))
    if content.startswith(_PICKLES):
        raise InvalidValue(name[:MAX_NAME], CONVERT.format(**form))
    if content.startswith(b"PK"):
        yield from _zipped(name, content, form)
    elif content[4:9] == b"\0\0\0\0{":
        arrays, said = read_safetensors(content)
        yield _of_arrays(name, arrays, said)
    else:
        yield from _of_json(name, content)


def _zipped(name: str, content: bytes, form: Mapping[str, str]) -> Iterator[_Part]:
    with opened_zip(content, "a readable zip or NPZ file") as (archive, entries):
        names = [entry.filename for entry in entries]
        if any(each.endswith((".pkl", ".pickle")) for each in names):
            raise InvalidValue(name[:MAX_NAME], CONVERT.format(**form))
        if any(each.endswith(".h5") for each in names):
            raise InvalidValue(name[:MAX_NAME], CONVERT_KERAS.format(**form))
        inner = [
            entry
            for entry in sorted(entries, key=lambda entry: _natural(entry.filename))
            if not entry.filename.startswith("__MACOSX/") and "/." not in f"/{entry.filename}"
        ]
        if names and all(each.endswith(".npy") for each in names):
            yield _of_arrays(name, read_npz(content), {})
            return
        room = 8 * MAX_NUMBERS
        for entry in inner:
            held = archive.read(entry)
            if held.startswith(b"PK") and not entry.filename.endswith(".npz"):
                raise InvalidValue(shown(entry.filename), "safetensors, NPZ or JSON within a zip", "a zip")
            for part in _parts(entry.filename, held):
                room -= part.chain.theta.nbytes
                if room < 0:
                    raise InvalidValue("file", f"at most {MAX_NUMBERS} numbers in all")
                yield part


def _natural(name: str) -> list[tuple[int, int, str]]:
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in _pieces(name)]


def _pieces(name: str) -> list[str]:
    return re.findall(r"[0-9]{1,15}|[^0-9]+", name)


def _of_arrays(name: str, arrays: Mapping[str, Array], said: Mapping[str, Any]) -> _Part:
    theta = arrays.get("theta")
    if theta is not None and "widths" in arrays:
        return _Part(name, _of_theta(theta, arrays["widths"], arrays.get("steps")), said)
    return _Part(name, dense_chain(arrays), said)


def _of_theta(theta: Array, widths: Array, steps: Array | None) -> DenseChain:
    """Checkpoints whose arrays are one vector each already, in the contract's order."""
    units = tuple(int(each) for each in np.ravel(widths)[:64] if isfinite(each) and 1 <= each <= 2**20)
    rows = np.atleast_2d(theta)
    wanted = sum((before + 1) * after for before, after in pairwise(units))
    if len(units) != np.size(widths) or len(units) < 2 or rows.ndim != 2 or rows.shape[1] != wanted:
        raise InvalidValue("theta", f"of {wanted} numbers, as its widths {units} say", theta.shape)
    numbers = None if steps is None else np.ravel(steps)
    if numbers is not None and not (len(numbers) == len(rows) and np.isfinite(numbers).all()):
        raise InvalidValue("steps", f"one for each of the {len(rows)} checkpoints", len(numbers))
    return DenseChain(units, rows, None if numbers is None else tuple(int(step) for step in numbers))


def _of_json(name: str, content: bytes) -> Iterator[_Part]:
    document = _loaded(name, content)
    checkpoints, said = [document], {}
    if isinstance(document, dict) and isinstance(document.get("checkpoints"), list):
        said = {key: value for key, value in document.items() if key != "checkpoints"}
        checkpoints = document["checkpoints"]
    elif isinstance(document, list):
        checkpoints = document
    if len(checkpoints) > MAX_CHECKPOINTS:
        raise InvalidValue(name[:MAX_NAME], f"at most {MAX_CHECKPOINTS} checkpoints", len(checkpoints))
    for number, each in enumerate(checkpoints):
        where = f"{name[:MAX_NAME]}[{number}]" if len(checkpoints) > 1 else name[:MAX_NAME]
        if not isinstance(each, dict):
            raise InvalidValue(where, "an object of named weights", type(each).__name__)
        arrays = dict(islice(_arrays_within(each, where), MAX_ARRAYS + 1))
        if len(arrays) > MAX_ARRAYS:
            raise InvalidValue(where, f"at most {MAX_ARRAYS} arrays", "more")
        if "theta" in arrays and "widths" in said:
            arrays |= dict(_arrays_within({"widths": said["widths"]}, where))
        yield _of_arrays(where if len(checkpoints) == 1 else name, arrays, {**said, **each})


def _loaded(name: str, content: bytes) -> Any:
    """What a JSON text says, once it is known not to be much."""
    if len(content) > MAX_JSON:
        raise InvalidValue(name[:MAX_NAME], f"at most {MAX_JSON} bytes of JSON", len(content))
    if (items := sum(map(content.count, (b",", b"[", b"{")))) > MAX_ITEMS:
        raise InvalidValue(name[:MAX_NAME], f"at most {MAX_ITEMS:,} numbers and lists of JSON", items)
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        what = "a safetensors, NPZ or JSON file, or a zip of such"
        raise InvalidValue(name[:MAX_NAME], what) from error


def _arrays_within(value: Any, where: str, path: str = "", depth: int = 0) -> Iterator[tuple[str, Array]]:
    """The lists of numbers in an object, named by their keys with dots between; texts are left out."""
    if depth > MAX_DEPTH:
        raise InvalidValue(where, f"nested at most {MAX_DEPTH} deep")
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _arrays_within(inner, where, f"{path}.{key}" if path else key, depth + 1)
    elif isinstance(value, list) or _is_number(value):
        array = None if _is_a_list_of_layers(path) else _as_array(value)
        if array is not None:
            yield path, array
        elif _is_number(value):
            raise InvalidValue(f"{where}: {shown(path)}", "a number of at most 64 bits")
        elif any(isinstance(inner, list | dict) for inner in value):
            for number, inner in enumerate(value[: MAX_ARRAYS + 1]):
                yield from _arrays_within(inner, where, f"{path}.{number}", depth + 1)
        elif not all(isinstance(inner, str) for inner in value):
            raise InvalidValue(f"{where}: {shown(path)}", "numbers in rows of equal length")


def _is_a_list_of_layers(path: str) -> bool:
    """Whether scikit-learn calls it so: as one array, layers of equal shapes would be checkpoints."""
    return path.rpartition(".")[2] in ("coefs_", "intercepts_")


def _as_array(value: Any) -> Array | None:
    """A number, a row or a matrix as an array; None where lists are ragged or hold anything else."""
    # Of texts, or of numbers and a text, NumPy makes an array in which each takes as much as the longest.
    if not _holds_numbers(value):
        return None
    try:
        array = np.array(value)
    except (ValueError, OverflowError):
        return None
    return array.astype(np.float64) if array.dtype.kind in "fiu" and array.size else None


def _holds_numbers(value: Any, depth: int = 0) -> bool:
    """Whether a value is a number, or lists of nothing else."""
    if isinstance(value, list):
        return depth <= MAX_DEPTH and all(_holds_numbers(inner, depth + 1) for inner in value)
    return _is_number(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _steps(parts: Sequence[_Part]) -> tuple[list[int], list[str]]:
    """After how many steps each checkpoint was saved, and what is to be said of that."""
    known = [part.chain.steps or _said_step(part) for part in parts]
    if len(parts) > 1 and not all(known):
        known = [_named_step(part) for part in parts]
    steps = [step for each in known if each for step in each]
    count = sum(len(part.chain.theta) for part in parts)
    if len(steps) == count and len(set(steps)) == count and all(0 <= step < 2**53 for step in steps):
        return steps, []
    unsaid = count > 1 and not steps
    notes = ["No steps are named: the checkpoints are numbered from 0."] if unsaid else []
    if steps and count > 1:
        notes = ["The steps that are named do not tell all checkpoints apart: they are numbered from 0."]
    return list(range(count)), notes


def _said_step(part: _Part) -> tuple[int, ...] | None:
    said = next((part.said[name] for name in STEPS if name in part.said), None)
    if len(part.chain.theta) != 1 or isinstance(said, bool) or not isinstance(said, int | str):
        return None
    text = str(said).strip()
    return (int(text),) if re.fullmatch(r"[0-9]{1,15}", text) else None


def _named_step(part: _Part) -> tuple[int, ...] | None:
    """The last number in the name of a file of one checkpoint."""
    numbers = re.findall(r"[0-9]{1,15}", part.name.rpartition("/")[2])
    return (int(numbers[-1]),) if numbers and len(part.chain.theta) == 1 else None


def _functions(parts: Sequence[_Part], hidden: int) -> tuple[tuple[str, ...] | None, str | None]:
    """The activations of the hidden layers and the output’s, where a file tells."""
    said = next((part.said for part in parts if _words(part.said)), {})
    words = [_SYNONYMS.get(word, word) for word in _words(said)]
    activations: tuple[str, ...] | None = None
    if words and all(word in ACTIVATIONS for word in words[:hidden]):
        if len(words) == 1 and hidden:
            activations = (words[0],) * hidden
        elif len(words) in (hidden, hidden + 1):
            activations = tuple(words[:hidden])
    named = said.get("output", said.get("out_activation_"))
    output = words[-1] if named is None and len(words) == hidden + 1 else named
    output = _SYNONYMS.get(output, output) if isinstance(output, str) else None
    return activations, output if output in OUTPUTS else None


def _words(said: Mapping[str, Any]) -> list[str]:
    """What a file calls its activations: a word, words with commas between, or a list of them."""
    value = said.get("activations", said.get("activation"))
    if isinstance(value, str):
        return [word.strip().lower() for word in value[:1000].split(",")]
    if isinstance(value, list) and all(isinstance(word, str) for word in value[:64]):
        return [word.lower() for word in value[:64]]
    return []
