"""The catalogue: all that can be chosen, with its bounds, defaults and explanations, for a page to draw."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import BaseModel

from descentscape.core.data.datasets import DATASETS
from descentscape.core.data.features import FEATURES
from descentscape.core.formulas.objective import FORMULAS
from descentscape.core.network.activations import ACTIVATIONS
from descentscape.core.network.costs import COSTS
from descentscape.core.network.initializers import INITS
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.core.optimizers.clipping import CLIPS
from descentscape.core.optimizers.schedules import SCHEDULES
from descentscape.document import bounds as limits
from descentscape.document.entry_models import DATASET_MODELS, OPTIMIZER_MODELS, SCHEDULE_MODELS, ClipModel
from descentscape.document.experiment import Experiment
from descentscape.document.planes import PLANES
from descentscape.document.problems import PROBLEMS
from descentscape.document.runs import STARTS, RunSpec
from descentscape.document.schema import kind_of
from descentscape.document.upgrade import RENAMED
from descentscape.document.view import GridSpec, View
from descentscape.version import VERSION

CatalogEntry = dict[str, Any]

SOFTMAX_ENTRY = {
    "kind": "softmax",
    "label": "Softmax",
    "formula": "aₖ = e^(zₖ) / Σⱼ e^(zⱼ)",
    "help": "Turns one number a class into probabilities that add up to 1.",
}


@cache
def catalog() -> CatalogEntry:
    """Everything that GET catalog answers; shared by all callers, not to be changed."""
    return {
        "version": VERSION,
        "defaults": Experiment().model_dump(mode="json"),
        "schema": Experiment.model_json_schema(),
        "renamed": {
            str(version): [{"path": list(path), "name": name} for path, name in renames]
            for version, renames in RENAMED.items()
        },
        "limits": _limits(),
        "problems": [_model_entry(model) for model in PROBLEMS],
        "datasets": [_dataset(kind) for kind in DATASETS],
        "features": [{"kind": kind, "label": feature.label} for kind, feature in FEATURES.items()],
        "formulas": [_formula(kind) for kind in FORMULAS],
        "activations": _named(ACTIVATIONS.values()),
        "costs": _named(COSTS.values()),
        "outputs": [*_named(ACTIVATIONS[kind] for kind in ("sigmoid", "linear")), SOFTMAX_ENTRY],
        "inits": _named(INITS.values()),
        "optimizers": [
            entry | {"evaluations": str(rule.needs), "unscaled": rule.unscaled}
            for entry in _rules(OPTIMIZERS, OPTIMIZER_MODELS)
            for rule in [OPTIMIZERS[entry["kind"]]()]
        ],
        "schedules": _rules(SCHEDULES, SCHEDULE_MODELS),
        "clips": [
            entry | {"fields": fields_of(ClipModel, entry["kind"])} for entry in _named(CLIPS.values())
        ],
        "starts": [_model_entry(model) for model in STARTS],
        "planes": [_model_entry(plane.spec) for plane in PLANES.values()],
        "run": fields_of(RunSpec),
        "experiment": fields_of(Experiment),
        "view": fields_of(GridSpec, "resolution") + fields_of(View, "height"),
        "experiments": experiments(),
        "tour": _filled("tour.json"),
        "glossary": _bundled("glossary.json"),
    }


@cache
def experiments() -> tuple[CatalogEntry, ...]:
    """The curated experiments in the order of the menu: id, title, one sentence, and the full document."""
    return _filled("experiments.json")


def _filled(name: str) -> tuple[CatalogEntry, ...]:
    """The entries of a bundled file, their experiments with all defaults filled in."""
    return tuple(
        entry | {"experiment": Experiment.model_validate(entry["experiment"]).model_dump(mode="json")}
        for entry in _bundled(name)
    )


def fields_of(model: type[BaseModel], *names: str) -> list[CatalogEntry]:
    """The fields of a model that a single control can set, those named or all."""
    properties = model.model_json_schema(mode="validation")["properties"]
    chosen = names or [name for name in properties if name != "kind"]
    fields = (_field(name, properties[name]) for name in chosen)
    return [field for field in fields if field is not None]


def _field(name: str, schema: CatalogEntry) -> CatalogEntry | None:
    kind = _control(schema)
    if kind is None or "title" not in schema:
        return None
    low, high = _bounds(schema)
    return {
        "name": name,
        "label": schema["title"],
        "help": schema.get("description", ""),
        "type": kind,
        "default": schema.get("default"),
        "low": low,
        "high": high,
        "typical": schema.get("typical") or ([low, high] if None not in (low, high) else None),
        "log": schema.get("log", False),
        "choices": _choices(schema),
        "term": schema.get("term"),
    }


def _control(schema: CatalogEntry) -> str | None:
    """The kind of control for a JSON schema, None where it takes more than one."""
    options = _options(schema)
    optional = len(options) < len(schema.get("anyOf", [schema]))
    if len(options) != 1 or "const" in options[0]:
        return None
    option = options[0]
    if "enum" in option:
        return "choice"
    if option.get("type") in {"integer", "number"}:
        return f"optional_{option['type']}" if optional else str(option["type"])
    if option.get("type") == "array" and _item(option).get("type") == "integer":
        return "integers"
    return {"boolean": "boolean", "string": "text"}.get(option.get("type", ""))


def _options(schema: CatalogEntry) -> list[CatalogEntry]:
    """What a control may set; of a word or else a list, the word."""
    options = schema["oneOf"][:1] if "oneOf" in schema else schema.get("anyOf", [schema])
    return [option for option in options if option.get("type") != "null"]


def _item(array: CatalogEntry) -> CatalogEntry:
    item: CatalogEntry = array.get("items") or next(iter(array.get("prefixItems", ())), {})
    return item


def _bounds(schema: CatalogEntry) -> tuple[float | None, float | None]:
    """The bounds of a number, of a list's items, or of a text's length."""
    option = _options(schema)[0]
    inner = _item(option) if option.get("type") == "array" else option
    return inner.get("minimum"), inner.get("maximum", inner.get("maxLength"))


def _choices(schema: CatalogEntry) -> list[CatalogEntry] | None:
    option = _options(schema)[0]
    if "enum" not in option:
        return None
    labels = schema.get("choices", {})
    listed = [{"value": value, "label": labels.get(value, str(value))} for value in option["enum"]]
    return [{"value": None, "label": "automatic"}, *listed] if "anyOf" in schema else listed


def _model_entry(model: Any) -> CatalogEntry:
    return {
        "kind": kind_of(model),
        "label": model.model_config["title"],
        "help": " ".join((model.__doc__ or "").split("\n\n")[0].split()),
        "fields": fields_of(model),
    }


def _named(entries: Iterable[Any]) -> list[CatalogEntry]:
    names = ("kind", "label", "help", "formula", "source")
    return [{name: getattr(entry, name) for name in names} for entry in entries]


def _rules(table: Mapping[str, Any], models: Mapping[str, Any]) -> list[CatalogEntry]:
    return [entry | {"fields": fields_of(models[entry["kind"]])} for entry in _named(table.values())]


def _dataset(kind: str) -> CatalogEntry:
    entry = DATASETS[kind]
    names = ("kind", "label", "help", "task", "inputs", "classes", "source", "licence")
    about: CatalogEntry = {name: getattr(entry, name) for name in names}
    return about | {"outputs": 1, "fields": fields_of(DATASET_MODELS[kind])}


def _formula(kind: str) -> CatalogEntry:
    entry = FORMULAS[kind]
    names = ("kind", "label", "help", "expression", "domain", "start", "learning_rate", "source")
    about: CatalogEntry = {name: getattr(entry, name) for name in names}
    return about | {"minima": [*entry.minima, *entry.local_minima]}


def _limits() -> dict[str, int]:
    names = (name for name in vars(limits) if name.startswith("MAX_"))
    return {name.lower(): getattr(limits, name) for name in names}


def _bundled(name: str) -> Any:
    return json.loads((files("descentscape") / "data" / name).read_text("utf-8"))
