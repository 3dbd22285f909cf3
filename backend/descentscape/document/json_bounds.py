"""How long the lists and objects of a JSON text are, held against the models before any of it is built.

A model names every wrong item, and a hostile text could be wrong in half a million places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel
from pydantic_core import InitErrorDetails, from_json

from descentscape.core.errors import InvalidValue
from descentscape.core.time_slices import TimeSlices
from descentscape.core.undivided import run_in_thread
from descentscape.document.bounds import MAX_COLUMNS, MAX_ROWS
from descentscape.document.field_errors import broken_rule, refuse
from descentscape.document.schema import Path

ModelT = TypeVar("ModelT", bound=BaseModel)
T = TypeVar("T")

LONG_TEXT = 1 << 17
"""Bytes of a text that are read within some ten milliseconds."""

STORED = b'"sha256"'
"""The field of a document that names stored data, which take longer to read than its text."""

MAX_CONTAINERS = 2 * MAX_ROWS + 2000
"""Lists and objects of a text: a row of inputs and one of targets for each example, and what is beside."""

MAX_ITEMS = 2 * MAX_ROWS * MAX_COLUMNS + MAX_CONTAINERS
"""Items of a text: as many numbers as inline data may have."""


@dataclass(frozen=True)
class Bounds:
    """What a place of a document may hold: a list of ``most`` items, or an object of ``keys`` keys.

    None stands for no list, or no object: a model says so in one sentence, whatever it finds there.
    """

    most: int | None = None
    item: Bounds | None = None
    keys: int | None = None
    fields: Mapping[str, Bounds] = field(default_factory=dict)

    @property
    def plain(self) -> bool:
        """Whether no list and no object may stand there."""
        return self.most is None and self.keys is None


SPARE_KEYS = 100
"""Keys of an object beyond the model’s own, which it refuses one by one."""

UNKNOWN = Bounds(most=64, keys=64)
"""Of a field that no model has: an earlier version’s, or a mistake."""


def read_json(name: str, text: str | bytes) -> Any:
    """The plain values that a JSON text stands for.

    Raises InvalidValue, under the name, where it is none, or has more lists, objects and items than any model
    takes: they are counted before they are made.
    """
    containers, items = _count(text, "[") + _count(text, "{"), _count(text, ",")
    if containers > MAX_CONTAINERS:
        raise InvalidValue(name, f"of at most {MAX_CONTAINERS:,} lists and objects", containers)
    if items > MAX_ITEMS:
        raise InvalidValue(name, f"of at most {MAX_ITEMS:,} items", items)
    try:
        return from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise InvalidValue(name, f"well-formed JSON ({error})", text[:80]) from None


def read_model(model: type[ModelT], text: bytes) -> TimeSlices[ModelT]:
    """The model that a JSON text describes; raises InvalidValue or ValidationError."""
    return (yield from aside_if_long(text, lambda: model_of(model, read_json("body", text))))


def aside_if_long(text: bytes, read: Callable[[], T]) -> TimeSlices[T]:
    """What is read of a text: at once, or on a thread where it, or what it names, takes over a time slice."""
    if len(text) <= LONG_TEXT and STORED not in text:
        return read()
    return (yield from run_in_thread(read))


def model_of(model: type[ModelT], document: Any) -> ModelT:
    """The model that plain values describe, unless one of its lists is too long; raises ValidationError."""
    refuse(model.__name__, _too_long((), document, bounds_of(model)))
    return model.model_validate(document)


@cache
def bounds_of(model: type[BaseModel]) -> Bounds:
    """The bounds of a model, as its JSON schema has them."""
    schema = model.model_json_schema()
    return _widest([schema], schema.get("$defs", {}))


def _count(text: str | bytes, mark: str) -> int:
    return text.count(mark) if isinstance(text, str) else text.count(mark.encode())


def _too_long(path: Path, value: Any, bounds: Bounds | None) -> Iterator[InitErrorDetails]:
    if bounds is None:
        return
    if isinstance(value, list) and bounds.most is not None:
        if len(value) > bounds.most:
            yield broken_rule(path, f"at most {bounds.most} items", value, bounds.most)
            return
        if bounds.item is None or bounds.item.plain:
            return  # the rows of a large data set hold a hundred thousand numbers
        for index, item in enumerate(value):
            yield from _too_long((*path, index), item, bounds.item) if isinstance(item, list | dict) else ()
    elif isinstance(value, dict) and bounds.keys is not None:
        if len(value) > bounds.keys:
            yield broken_rule(path, f"an object of at most {bounds.keys} keys", value, bounds.keys)
            return
        for key, item in value.items():
            yield from _too_long((*path, key), item, bounds.fields.get(key, UNKNOWN))


def _widest(schemas: Sequence[Mapping[str, Any]], known: Mapping[str, Any]) -> Bounds:
    """The widest of several schemas’ bounds: which of them is meant, a model finds out."""
    plain = list(_alternatives(schemas, known))
    lists = [each for each in plain if each.get("type") == "array"]
    objects = [each for each in plain if each.get("type") == "object"]
    items = [item for each in lists for item in (*each.get("prefixItems", ()), each.get("items", {}))]
    fields: dict[str, list[Mapping[str, Any]]] = {}
    for each in objects:
        for name, schema in each.get("properties", {}).items():
            fields.setdefault(name, []).append(schema)
    return Bounds(
        most=max((each["maxItems"] for each in lists), default=None),
        item=_widest(items, known) if items else None,
        keys=max(map(_most_keys, objects), default=None),
        fields={name: _widest(schemas, known) for name, schemas in fields.items()},
    )


def _most_keys(schema: Mapping[str, Any]) -> int:
    """As many as there are fields, and some to spare; of a map as many as it may hold."""
    most: int = schema.get("maxProperties", len(schema.get("properties", ())) + SPARE_KEYS)
    return most


def _alternatives(
    schemas: Sequence[Mapping[str, Any]], known: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    for schema in schemas:
        if "$ref" in schema:
            yield from _alternatives([known[schema["$ref"].rpartition("/")[2]]], known)
        elif "anyOf" in schema or "oneOf" in schema:
            yield from _alternatives([*schema.get("anyOf", ()), *schema.get("oneOf", ())], known)
        else:
            yield schema
