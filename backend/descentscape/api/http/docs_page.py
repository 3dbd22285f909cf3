"""GET /docs: the service's own description as one page, without a script and without another host.

Swagger UI and its kin come from a CDN or as megabytes of script that want a looser policy; what a reader
needs is here in plain HTML made from openapi.json, the stream's messages included.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

STYLE = """
:root { color-scheme: light dark; --line: color-mix(in srgb, CanvasText 16%, Canvas); }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.2; text-wrap: balance; }
h2 { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 1.5rem; }
code, pre { font: 0.875rem/1.5 ui-monospace, monospace; }
td:first-child { white-space: nowrap; }
pre { overflow-x: auto; padding: 0.75rem 1rem; border: 1px solid var(--line); border-radius: 6px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.75rem 0.25rem 0; }
tr + tr { border-top: 1px solid var(--line); }
details > summary { cursor: pointer; padding: 0.4rem 0; }
"""

_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
        f"style-src 'sha256-{_STYLE_HASH}'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
}
"""The page's own policy, whoever may embed the others: its one style element, and nothing else."""


def docs_page(openapi: Mapping[str, Any]) -> str:
    """The whole page, made from the OpenAPI document."""
    info = openapi["info"]
    body = [
        f"<h1>{escape(info['title'])} {escape(info['version'])}</h1>",
        _prose(info.get("description", "")),
        '<p>For programs: <a href="openapi.json">openapi.json</a>.</p>',
        *_operations(openapi["paths"]),
        "<h2 id=schemas>Schemas</h2>",
        *(_schema(name, schema) for name, schema in sorted(openapi["components"]["schemas"].items())),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(info['title'])}: the service</title><style>{STYLE}</style></head>"
        f"<body>{''.join(body)}</body></html>"
    )


def _prose(text: str) -> str:
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in text.split("\n\n") if paragraph.strip())


def _operations(paths: Mapping[str, Any]) -> Iterable[str]:
    for path, methods in paths.items():
        for method, operation in methods.items():
            yield f'<h2 id="{operation["operationId"]}">{method.upper()} {path}</h2>'
            yield _prose(f"{operation['summary']}.\n\n{operation.get('description', '')}")
            yield _parameters(operation.get("parameters", []))
            yield _body(path, operation.get("requestBody"))
            yield _answers(operation["responses"])


def _parameters(parameters: Iterable[Mapping[str, Any]]) -> str:
    rows = [
        (f"<code>?{entry['name']}=</code>", _type(entry["schema"]), escape(entry.get("description", "")))
        for entry in parameters
    ]
    return _table(("query", "type", ""), rows)


def _body(path: str, body: Mapping[str, Any] | None) -> str:
    if body is None:
        return ""
    address = f"http://127.0.0.1:8000{path}"
    files = [media for media in body["content"] if media != "application/json"]
    if files:
        curl = f"curl {address} -H 'content-type: {files[0]}' --data-binary @FILE"
        taken = ", ".join(f"<code>{escape(media)}</code>" for media in body["content"])
        return f"<p>Takes a file: {taken}.</p><pre>{escape(curl)}</pre>"
    content = body["content"]["application/json"]
    example = json.dumps(content["example"], ensure_ascii=False)
    curl = f"curl {address} -H 'content-type: application/json' -d '{example}'"
    return f"<p>Takes {_type(content['schema'])}.</p><pre>{escape(curl)}</pre>"


def _answers(responses: Mapping[str, Any]) -> str:
    rows = []
    for status, response in responses.items():
        for media, content in response.get("content", {"": {}}).items():
            kind = _type(content.get("schema", {}))
            rows.append(
                (escape(status), f"<code>{escape(media)}</code>", kind, escape(response["description"]))
            )
    return _table(("answer", "media type", "schema", ""), rows)


def _schema(name: str, schema: Mapping[str, Any]) -> str:
    required = schema.get("required", ())
    rows = [
        (
            f"<code>{escape(field)}</code>",
            _type(entry) + _bounds(entry),
            _default(entry, field in required),
            escape(entry.get("description", "")),
        )
        for field, entry in schema.get("properties", {}).items()
    ]
    about = _prose(schema.get("description", ""))
    inside = _table(("field", "type", "default", ""), rows) if rows else f"<p>{_type(schema)}</p>"
    name = escape(name)
    # A link to what is inside opens the details, a link to the details themselves does not.
    return f'<details><summary><code>{name}</code></summary><div id="{name}">{about}{inside}</div></details>'


def _type(schema: Mapping[str, Any]) -> str:
    match schema:
        case {"$ref": str(reference)}:
            name = escape(reference.rpartition("/")[2])
            return f'<a href="#{name}">{name}</a>'
        case {"anyOf": [*options]} | {"oneOf": [*options]} | {"allOf": [*options]}:
            return " | ".join(_type(option) for option in options)
        case {"const": value}:
            return f"<code>{escape(json.dumps(value))}</code>"
        case {"enum": [*values]}:
            return " | ".join(f"<code>{escape(json.dumps(value))}</code>" for value in values)
        case {"type": "array", "items": Mapping() as items}:
            return f"list of {_type(items)}"
        case {"type": "array", "prefixItems": [*items]}:
            return f"[{', '.join(_type(item) for item in items)}]"
        case {"type": str(name)}:
            return escape(name)
    return "JSON"


def _bounds(schema: Mapping[str, Any]) -> str:
    signs = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    return "".join(f" {sign} {schema[name]:g}" for name, sign in signs.items() if name in schema)


def _default(schema: Mapping[str, Any], required: bool) -> str:
    if required:
        return "required"
    return f"<code>{escape(json.dumps(schema['default'])[:60])}</code>" if "default" in schema else ""


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    if not lines:
        return ""
    head = "".join(f"<th>{cell}</th>" for cell in heads)
    return f"<table><tr>{head}</tr>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"
