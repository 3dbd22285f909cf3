"""Hyperparameters: dataclass fields that are bounded, labelled and explained where they are declared."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from math import isfinite
from typing import Any, Protocol, TypeVar, dataclass_transform

from descentscape.core.errors import InvalidValue

Class = TypeVar("Class")


class Described(Protocol):
    """A rule that a form shows: what it is called, what it does, and where it is from."""

    kind: str
    label: str
    formula: str
    """The rule in Unicode, one assignment a line."""
    source: str
    help: str


def hyperparameter(
    *,
    default: float,
    low: float,
    high: float,
    label: str,
    help: str,  # noqa: A002
    symbol: str = "",
    log: bool = False,
    typical: tuple[float, float] | None = None,
) -> Any:
    """A dataclass field with what a form, a schema and a document need to know about it.

    ``low`` and ``high`` are inclusive bounds; ``typical`` is the range worth a slider (the bounds unless
    given); ``log`` asks for a logarithmic slider; ``symbol`` is the letter in the formula. An ``int``
    default makes an integer field. All of it is in the field's ``metadata``.
    """
    metadata = {
        "low": low,
        "high": high,
        "typical": typical or (low, high),
        "log": log,
        "integer": isinstance(default, int),
        "label": label,
        "symbol": symbol,
        "help": help,
    }
    return field(default=default, metadata=metadata)


def share(default: float, symbol: str, label: str, help: str) -> Any:  # noqa: A002
    """A hyperparameter from 0 to 1, both included."""
    return hyperparameter(default=default, low=0.0, high=1.0, symbol=symbol, label=label, help=help)


def choice(
    *,
    default: str,
    choices: Mapping[str, str],
    label: str,
    help: str,  # noqa: A002
) -> Any:
    """A dataclass field that is one of a few words, each with what is shown for it, in its ``metadata``."""
    metadata = {"choices": dict(choices), "label": label, "symbol": "", "help": help}
    return field(default=default, metadata=metadata)


@dataclass_transform(frozen_default=True, field_specifiers=(hyperparameter, choice))
def hyperparameters(cls: type[Class]) -> type[Class]:
    """A frozen dataclass whose numbers and words are checked on creation.

    ``cls.Values`` is a NamedTuple of the same fields, which compiled code takes in the place of an object.
    Raises InvalidValue on creation for a number out of bounds, not finite, or of the wrong type, and for a
    word that is not among the choices.
    """
    cls.__post_init__ = check_bounds  # type: ignore[attr-defined]
    made = dataclass(frozen=True)(cls)
    # Of classes with one name and as many fields Numba knows one at sight; each other takes 250 µs a call.
    name, names = f"{cls.__name__}Values", [each.name for each in fields(made)]  # type: ignore[arg-type]
    values: Any = namedtuple(name, names)  # type: ignore[misc]
    values.__module__, values.__qualname__ = cls.__module__, f"{cls.__qualname__}.Values"
    made.Values = values  # type: ignore[attr-defined]
    return made


def check_bounds(settings: Any) -> None:
    """Raise InvalidValue for the first hyperparameter of a dataclass that is outside its bounds."""
    for each in fields(settings):
        check = _check_choice if "choices" in each.metadata else _check_number
        check(each.name, getattr(settings, each.name), **each.metadata)


def _check_choice(name: str, word: Any, *, choices: Mapping[str, str], **_: Any) -> None:
    if not (isinstance(word, str) and word in choices):
        raise InvalidValue(name, f"one of {', '.join(choices)}", word)


def _check_number(name: str, number: Any, *, low: float, high: float, integer: bool, **_: Any) -> None:
    kinds: tuple[type, ...] = (int,) if integer else (int, float)
    valid = isinstance(number, kinds) and not isinstance(number, bool)
    if not (valid and isfinite(number) and low <= number <= high):
        what = "an integer" if integer else "a number"
        raise InvalidValue(name, f"{what} from {low:g} to {high:g}", number)
