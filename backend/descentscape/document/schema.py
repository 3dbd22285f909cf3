"""The parts that every model of the experiment document is made of: strictness, knobs and tagged unions."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    Discriminator,
    Field,
    GetJsonSchemaHandler,
    GetPydanticSchema,
    Tag,
)
from pydantic_core import core_schema

Path: TypeAlias = tuple[str | int, ...]
"""Where a value sits in a document: ``("problem", "hidden", 2)``."""


class Model(BaseModel, strict=True, frozen=True, extra="forbid", allow_inf_nan=False):
    """A frozen part of the document that refuses unknown keys, NaN, infinities and look-alike types."""


class Tagged(Model):
    """A model that one table chooses by its ``kind``."""

    kind: str


def kind_of(model: type[BaseModel]) -> str:
    """The kind that a table chooses a model by; empty for one that stands alone."""
    field = model.model_fields.get("kind")
    return "" if field is None else str(field.default)


def models_called(name: str) -> list[type[Model]]:
    """The document's models of a name."""
    return [model for model in _below(Model) if model.__name__ == name][:1]


def _below(model: type[Model]) -> Iterator[type[Model]]:
    for each in model.__subclasses__():
        yield each
        yield from _below(each)


def models_of(models: Iterable[type[Model]], name: str) -> list[type[Model]]:
    """The models that a field of these models may hold: several in a tagged union, none in a plain value."""
    fields = (model.model_fields.get(name) for model in models)
    return [each for field in fields if field is not None for each in _models_in(field.annotation)]


def _models_in(annotation: Any) -> Iterator[type[Model]]:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


def knob(
    default: Any,
    *,
    label: str,
    help: str = "",  # noqa: A002
    low: float | None = None,
    high: float | None = None,
    typical: tuple[float, float] | None = None,
    log: bool = False,
    term: str | None = None,
    choices: dict[str, str] | None = None,
    **more: Any,
) -> Any:
    """A field with its bounds and all that a page needs to draw a control for it.

    ``typical`` is the range worth a slider (the bounds unless given), ``log`` asks for a logarithmic one,
    ``term`` is the glossary's key, ``choices`` maps the values of an enumeration to what is shown for them.
    """
    shown = {"typical": typical and list(typical), "log": log, "term": term, "choices": choices}
    extra: dict[str, Any] = {key: value for key, value in shown.items() if value}
    return Field(
        default,
        title=label,
        description=help or None,
        ge=low,
        le=high,
        json_schema_extra=extra or None,
        **more,
    )


def listed(low: int = 0, high: int | None = None, *, fail_fast: bool = False) -> Any:
    """Says of a tuple type that it also takes a list, since JSON has no tuples; the items stay strict.

    ``fail_fast`` stops at the first wrong item, where there may be thousands.
    """
    return Field(strict=False, min_length=low, max_length=high, fail_fast=fail_fast)


def one_of(words: Iterable[str]) -> Any:
    """Says of a text that it is one of these words."""
    schema = core_schema.literal_schema(list(words))
    return GetPydanticSchema(lambda _source, _handler: schema)


WORD, OTHER = Tag("<word>"), Tag("<other>")
"""The two parts of a union that `WORD_OR_OTHER` tells apart."""

WORD_OR_OTHER = Discriminator(lambda value: "<word>" if isinstance(value, str) else "<other>")
"""Says of a union of words and something else that what is wrong with a value is said of its kind."""


def tagged(models: Iterable[type[BaseModel]], default: str | None = None) -> Any:
    """The union of models told apart by ``kind``; an object without one is of the ``default`` kind."""
    union: Any = functools.reduce(operator.or_, models)
    chosen = Annotated[union, Field(discriminator="kind"), _KindNeeded(default)]
    return chosen if default is None else Annotated[chosen, BeforeValidator(_with_kind(default))]


@dataclass(frozen=True)
class _KindNeeded:
    """Says in a union's JSON schema that all but the ``default`` need their ``kind``.

    Each has a default of its own, by which an object without one would be of several.
    """

    default: str | None

    def __get_pydantic_json_schema__(
        self, core: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        schema = handler(core)
        usual = schema["discriminator"]["mapping"].get(self.default)
        for each in schema["oneOf"]:
            if each["$ref"] != usual:
                each["required"] = ["kind"]
        return schema


def _with_kind(default: str) -> Callable[[Any], Any]:
    def insert(value: Any) -> Any:
        return {"kind": default, **value} if isinstance(value, dict) and "kind" not in value else value

    return insert
