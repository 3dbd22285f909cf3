"""The document's optimizers, schedules and data sets: models made from the engine's tables.

A new entry in one of the tables is a new kind here, with its bounds, its defaults and its place in the
JSON schema, and nothing in this file changes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, TypeVar

from pydantic import Field, create_model
from pydantic.fields import FieldInfo

from descentscape.core.data.dataset_kinds import DATASETS, DatasetKind, Task
from descentscape.core.data.tables.examples import Missing
from descentscape.core.data.tables.table import MAX_CELL, MAX_COLUMN_NAME, MAX_TABLE_COLUMNS, MAX_TABLE_ROWS
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.core.optimizers.clipping import CLIPS, Clip
from descentscape.core.optimizers.schedules import SCHEDULES
from descentscape.document.bounds import MAX_CLASS_NAME, MAX_COLUMNS, MAX_ROWS, MAX_SEED, MAX_TABLE_INPUTS
from descentscape.document.names import FileName
from descentscape.document.schema import OTHER, WORD, WORD_OR_OTHER, Model, Tagged, knob, listed, tagged

Made = TypeVar("Made")

TERM_NAMES = {
    "learning_rate": "learning rate",
    "momentum": "momentum",
    "weight_decay": "weight decay",
    "noise": "noise",
}
"""The glossary's entry for a setting, by the setting's name."""


def settings(entry: type) -> dict[str, tuple[Any, Any]]:
    """The settings of one of the engine's dataclasses, as pydantic takes them."""
    return {each.name: _setting(each) for each in dataclasses.fields(entry)}


def _setting(each: dataclasses.Field[Any]) -> tuple[Any, Any]:
    about = each.metadata
    if "choices" in about:
        field = knob(each.default, label=about["label"], help=about["help"], choices=about["choices"])
        return Literal[tuple(about["choices"])], field
    return _number(each.name, each.default, about)


def _number(name: str, default: Any, about: Mapping[str, Any], **more: Any) -> tuple[Any, Any]:
    shown = {each: about[each] for each in ("help", "low", "high", "typical", "log") if each in about} | more
    label = f"{about['label']} {about.get('symbol', '')}".strip()
    return (int if about["integer"] else float), knob(
        default, label=label, term=TERM_NAMES.get(name), **shown
    )


def spec(kind: str, entry: type) -> type[Tagged]:
    """The model of one kind: its name and its settings."""
    fields: dict[str, Any] = _kind(kind) | settings(entry)
    return create_model(entry.__name__, __base__=Tagged, __doc__=entry.__doc__, **fields)


def _kind(kind: str) -> dict[str, Any]:
    return {"kind": (Literal[kind], kind)}


def _shared(standardize: bool) -> dict[str, Any]:
    seed = knob(0, label="data seed", low=0, high=MAX_SEED, term="seed")
    share = knob(
        0.0,
        label="test share",
        low=0,
        high=0.9,
        term="test set",
        help="The share of the examples that is kept from the training.",
    )
    scaled = knob(
        standardize,
        label="standardise",
        term="standardisation",
        help="Give every input mean 0 and standard deviation 1 over the training set.",
    )
    return {"seed": (int, seed), "test_fraction": (float, share), "standardize": (bool, scaled)}


def dataset_spec(entry: DatasetKind) -> type[Tagged]:
    """The model of one data set: its generator's settings, its seed, its split and its scaling."""
    own: dict[str, Any] = {
        each.name: _number(each.name, each.default, vars(each), log=each.name == "n") for each in entry.fields
    }
    fields = _kind(entry.kind) | own | _shared(entry.standardize)
    return create_model(f"{entry.kind.title()}Data", __base__=Tagged, __doc__=entry.help, **fields)


def _rows_of(item: Any) -> Any:
    row = Annotated[tuple[item, ...], listed(1, MAX_COLUMNS, fail_fast=True)]
    return Annotated[tuple[row, ...], listed(1, MAX_ROWS, fail_fast=True)]


def _inline() -> type[Tagged]:
    label = Annotated[str, Field(min_length=1, max_length=MAX_CLASS_NAME)]
    target = Annotated[Annotated[label, WORD] | Annotated[float, OTHER], WORD_OR_OTHER]
    x = Field(title="inputs", description="A list of rows, an example each.")
    y = Field(title="targets", description="Rows of targets, or of one class label each, words perhaps.")
    task = knob(
        None,
        label="task",
        help="Empty: classes where y is words, and in a network where it is one column of 0 and 1, "
        "or of any whole numbers if a sigmoid or softmax output or a cross-entropy asks for classes; "
        "else regression.",
    )
    own: dict[str, Any] = {"x": (_rows_of(float), x), "y": (_rows_of(target), y), "task": (Task | None, task)}
    fields = _kind("inline") | own | _shared(standardize=False)
    return create_model("InlineData", __base__=Tagged, __doc__="Data that the document carries.", **fields)


class TableColumn(Model):
    """A column of a table: its name, and a cell of text for each row."""

    name: str = Field(min_length=1, max_length=MAX_COLUMN_NAME)
    cells: Annotated[
        tuple[Annotated[str, Field(max_length=MAX_CELL)], ...], listed(1, MAX_TABLE_ROWS, fail_fast=True)
    ]


def _table() -> type[Tagged]:
    name = Field("table", title="name", description="Of the file that the table came in.")
    sha256 = Field(
        None,
        title="SHA-256",
        description="Of the canonical JSON of the columns, where the service stores them.",
        pattern="^[0-9a-f]{64}$",
    )
    columns = Field(None, title="columns", description="The columns themselves, instead of their SHA-256.")
    target = Field(title="target", description="The column to predict.", max_length=MAX_COLUMN_NAME)
    inputs = Field(
        None,
        title="inputs",
        description="Columns to predict it from. Empty: all others of numbers, dates or a few words.",
    )
    task = knob(None, label="task", help="Empty: classes for words and a few whole numbers, else regression.")
    missing = knob(
        "drop",
        label="missing cells",
        help="A row that lacks an input is left out, or gets the column’s mean (or most frequent word).",
        choices={"drop": "leave the row out", "mean": "fill in the mean"},
    )
    column = Annotated[str, Field(max_length=MAX_COLUMN_NAME)]
    own: dict[str, Any] = {
        "name": (FileName, name),
        "sha256": (str | None, sha256),
        "columns": (Annotated[tuple[TableColumn, ...], listed(1, MAX_TABLE_COLUMNS)] | None, columns),
        "target": (str, target),
        "inputs": (Annotated[tuple[column, ...], listed(1, MAX_TABLE_INPUTS)] | None, inputs),
        "task": (Task | None, task),
        "missing": (Missing, missing),
    }
    fields = _kind("table") | own | _shared(standardize=True)
    words = "Columns of a table, of which one is predicted from others."
    return create_model("TableData", __base__=Tagged, __doc__=words, **fields)


def _models(table: Mapping[str, type]) -> dict[str, Any]:
    return {kind: spec(kind, entry) for kind, entry in table.items()}


OPTIMIZER_MODELS = _models(OPTIMIZERS)
SCHEDULE_MODELS = _models(SCHEDULES)
DATASET_MODELS: dict[str, Any] = {kind: dataset_spec(entry) for kind, entry in DATASETS.items()} | {
    "inline": _inline(),
    "table": _table(),
}


def _clip() -> type[Model]:
    bounds = {name: setting for kind in CLIPS.values() for name, setting in settings(kind).items()}
    optional: dict[str, Any] = {name: (kind | None, _absent(field)) for name, (kind, field) in bounds.items()}
    return create_model("Clip", __base__=Model, __doc__="One bound on the gradient.", **optional)


def _absent(field: FieldInfo) -> FieldInfo:
    return FieldInfo.merge_field_infos(field, default=None)


ClipModel = _clip()

if TYPE_CHECKING:
    ClipSpec: TypeAlias = Model
    OptimizerSpec: TypeAlias = Tagged
    ScheduleSpec: TypeAlias = Tagged
    DatasetSpec: TypeAlias = Tagged
else:
    ClipSpec = ClipModel
    OptimizerSpec = tagged(OPTIMIZER_MODELS.values(), "adam")
    ScheduleSpec = tagged(SCHEDULE_MODELS.values(), "constant")
    DatasetSpec = tagged(DATASET_MODELS.values(), "moons")


def made_clip(chosen: Model) -> Clip:
    """The engine's bound on gradients that a clip of the document describes."""
    ((kind, bound),) = chosen.model_dump(exclude_none=True).items()
    return CLIPS[kind](**{kind: bound})


def made(table: Mapping[str, type[Made]], chosen: Tagged) -> Made:
    """The engine's object that a spec describes, by its table."""
    return table[chosen.kind](**chosen.model_dump(exclude={"kind"}))
