"""Prints the page's types of the experiment, made from the document's JSON schema, as JSDoc.

    python tests/frontend/document_types.py > frontend/js/document/experiment-types.js

A test holds the file against what this prints.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from descentscape.document.experiment import Experiment

Schema = dict[str, Any]

HEAD = """/**
 * The experiment's types, written by tests/frontend/document_types.py from its JSON schema, not by hand.
 * Types only: nothing here runs. Below the view and the runs a part may be short until the service has
 * filled it in.
 */

/**
 * @template T
 * @typedef {T extends any ? keyof T : never} KeysOf   Of any of the shapes.
 */

/**
 * One of several shapes; what only another one has is undefined.
 *
 * @template T
 * @template [One=T]
 * @typedef {One extends any ? One & Partial<Record<Exclude<KeysOf<T>, keyof One>, undefined>> : never} OneOf
 */

"""

WHOLE = {"Experiment", "View", "GridSpec", "Overlays", "Nudge", "Camera", "Eye", "RunSpec"}
"""What the page itself fills in before it reads a document; of the rest a default may be left out."""

SIMPLE = {"integer": "number", "number": "number", "boolean": "boolean", "string": "string", "null": "null"}


def document_types() -> str:
    """A module of one typedef for every object of the schema, in alphabetical order, the experiment last."""
    schema = Experiment.model_json_schema(mode="serialization")
    objects = schema["$defs"] | {"Experiment": schema}
    typedefs = " *\n".join(_typedef(name, each) for name, each in objects.items())
    return f"{HEAD}/**\n{typedefs} */\nexport {{}};\n"


def _typedef(name: str, schema: Schema) -> str:
    if "properties" not in schema:
        return f" * @typedef {{{_type(schema)}}} {name}\n"
    lines = [
        f" * @property {{{_type(each)}}} {key if _is_there(name, key, each) else f'[{key}]'}\n"
        for key, each in schema["properties"].items()
    ]
    return f" * @typedef {{object}} {name}\n{''.join(lines)}"


def _is_there(name: str, key: str, schema: Schema) -> bool:
    return name in WHOLE or key == "kind" or "default" not in schema


def _type(schema: Schema) -> str:
    """A schema as a type; bounds and texts are left to the catalogue."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix("#/$defs/")
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return "|".join(json.dumps(value) for value in schema["enum"])
    if options := schema.get("oneOf") or schema.get("anyOf"):
        either = "|".join(_type(option) for option in options)
        return f"OneOf<{either}>" if "discriminator" in schema else either
    if schema["type"] == "array":
        return _array(schema)
    return _record(schema) if schema["type"] == "object" else SIMPLE[schema["type"]]


def _array(schema: Schema) -> str:
    if "prefixItems" in schema:
        return f"[{', '.join(_type(item) for item in schema['prefixItems'])}]"
    item = _type(schema["items"])
    return f"({item})[]" if "|" in item else f"{item}[]"


def _record(schema: Schema) -> str:
    """An object whose keys are not told one by one."""
    (value,) = schema["patternProperties"].values()
    return f"Record<string, {_type(value)}>"


if __name__ == "__main__":
    sys.stdout.write(document_types())
