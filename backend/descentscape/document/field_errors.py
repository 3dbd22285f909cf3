"""What is wrong with a document, said field by field: ``problem.hidden[2] must be at most 256, got 300``."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from descentscape.core.data.store import Gone
from descentscape.document.schema import Model, Path, kind_of, models_called, models_of

CONSTRAINTS: dict[str, str] = {
    "greater_than_equal": "at least {ge}",
    "greater_than": "greater than {gt}",
    "less_than_equal": "at most {le}",
    "less_than": "less than {lt}",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a whole number of fewer digits",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "string_type": "text",
    "string_too_long": "at most {max_length} characters long",
    "string_too_short": "at least {min_length} characters long",
    "string_pattern_mismatch": "of the form {pattern}",
    "literal_error": "{expected}",
    "too_long": "at most {max_length} items",
    "too_short": "at least {min_length} items",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "unseen": "{constraint}",
    "missing": "given",
    "extra_forbidden": "left out, there is no such field",
    "union_tag_invalid": "one of {expected_tags}",
    "union_tag_not_found": "an object with a kind",
    "json_invalid": "valid JSON ({error})",
}

MAX_FIELD_ERRORS = 20
"""Errors worth reading in one answer: a hostile document could be wrong in every place."""

LONGEST_NAME = 60
"""Characters of a name that a refusal says again: a client may call a field by a megabyte."""

LIMITS = ("le", "lt", "ge", "gt", "max_length", "min_length")


@dataclass(frozen=True)
class FieldError:
    """One field that cannot be taken: its name, what is wrong with it, and the bound that it crossed."""

    field: str
    message: str
    limit: float | None = None

    def __str__(self) -> str:
        return f"{self.field} {self.message}"


def field_name(path: Path) -> str:
    """``("problem", "hidden", 2)`` as ``problem.hidden[2]``; what is longer than any field’s name is cut."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{_cut(part)}" for part in path)
    return "".join(parts).lstrip(".") or "experiment"


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"


def field_errors(error: ValidationError) -> list[FieldError]:
    """A validation’s errors in the project’s words, in the document’s order, `MAX_FIELD_ERRORS` at most."""
    details = error.errors(include_url=False)[:MAX_FIELD_ERRORS]
    places = [each["loc"] for each in details]
    roots = models_called(error.title)
    return [field_error(each, roots) for each in details if not _follows(each, places)]


def unlisted(error: ValidationError) -> int:
    """How many errors of a validation `field_errors` leaves out."""
    return max(0, error.error_count() - MAX_FIELD_ERRORS)


def _follows(details: ErrorDetails, places: list[Path]) -> bool:
    """Whether a list is called too short only because an item of it was refused."""
    at = details["loc"]
    return details["type"] == "too_short" and any(place[: len(at)] == at != place for place in places)


def broken_rule(path: Path, constraint: str, got: Any, limit: float | None = None) -> InitErrorDetails:
    """A broken rule between fields, to be raised with others by `refuse`."""
    context = {"constraint": constraint, "limit": limit}
    return InitErrorDetails(
        type=PydanticCustomError("rule", "must be {constraint}", context), loc=path, input=got
    )


def gone_rule(path: Path, gone: Gone, name: str) -> InitErrorDetails:
    """Stored data that a document names, and that are gone; ``name`` is what people know them by."""
    context = {
        "constraint": gone.constraint,
        "gone": {"kind": gone.kind, "name": name, "sha256": gone.sha256},
    }
    error = PydanticCustomError("gone", "must be {constraint}", context)
    return InitErrorDetails(type=error, loc=path, input=f"{gone.sha256[:12]}…")


def gone_in(error: ValidationError) -> dict[str, str] | None:
    """Kind, name and SHA-256 of the first stored data that a validation found gone, if any."""
    found = (each["ctx"]["gone"] for each in error.errors(include_url=False) if each["type"] == "gone")
    return next(found, None)


def unreadable(path: Path, constraint: str) -> InitErrorDetails:
    """A text that cannot be read, where the constraint quotes the place that is wrong."""
    error = PydanticCustomError("unreadable", "must be {constraint}", {"constraint": constraint})
    return InitErrorDetails(type=error, loc=path, input=None)


def refuse(title: str, broken: Iterable[InitErrorDetails]) -> None:
    """Raise one ``ValidationError`` for the first broken rules, if there are any."""
    if found := list(islice(broken, MAX_FIELD_ERRORS)):
        raise ValidationError.from_exception_data(title, found)


def field_error(details: ErrorDetails, roots: Sequence[type[Model]] = ()) -> FieldError:
    """One of a validation’s errors in the project’s words; its place is in one of the ``roots``."""
    context = details.get("ctx", {})
    if details["type"] in {"rule", "unreadable", "gone"}:
        path, constraint, limit = details["loc"], context["constraint"], context.get("limit")
    else:
        path = _without_tags(details, roots)
        words = {name: f"{value:g}" if isinstance(value, float) else value for name, value in context.items()}
        constraint = CONSTRAINTS.get(details["type"], details["msg"]).format_map(words)
        limit = next((context[name] for name in LIMITS if name in context), None)
    return FieldError(field_name(path), _message(details, constraint), limit)


def _message(details: ErrorDetails, constraint: str) -> str:
    if details["type"] in {"missing", "json_invalid", "unreadable"}:
        return f"must be {constraint}"
    got = details["ctx"]["tag"] if details["type"] == "union_tag_invalid" else details["input"]
    return f"must be {constraint}, got {_shown(got)}"


def _shown(value: Any) -> str:
    if isinstance(value, int) and value.bit_length() > 200:
        return "a whole number of more than 60 digits"
    return _BRIEF.repr(value)


class _Brief(reprlib.Repr):
    """Values as a JSON document writes them, long ones cut."""

    def repr_bool(self, value: bool, _level: int) -> str:
        return str(value).lower()

    def repr_NoneType(self, _value: None, _level: int) -> str:  # noqa: N802, reprlib looks it up by this name
        return "null"


def _brief() -> _Brief:
    brief = _Brief()
    brief.maxlevel, brief.maxdict, brief.maxlist, brief.maxstring = 2, 3, 3, 60
    return brief


_BRIEF = _brief()


def _without_tags(details: ErrorDetails, roots: Sequence[type[Model]]) -> Path:
    """The place in the document: pydantic's without the kind that follows a field of several models."""
    path: list[str | int] = []
    models = list(roots)
    for part in details["loc"]:
        if str(part).startswith("<") or part == "[key]":
            continue
        if len(models) > 1 and (chosen := [model for model in models if kind_of(model) == part]):
            models = chosen
            continue
        path.append(part)
        if isinstance(part, str):
            models = models_of(models, part)
    if details["type"] == "union_tag_invalid":
        path.append("kind")
    return tuple(path)
