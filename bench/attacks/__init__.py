"""The attacks, an entry each: those of bug reports first, then what a stranger may think of."""

from __future__ import annotations

from bench.attacks import documents as doc
from bench.attacks import requests as req
from bench.attacks import streams as ws
from bench.attacks import uploads as up
from bench.attacks.base import Attack

ATTACKS = (
    # Found in use, or by trying.
    Attack("labels up to a billion", doc.posts("runs", doc.CLASS_BOMB)),
    Attack("a class an example", doc.posts("runs", doc.classes(2000), doc.classes(doc.MANY), doc.WORDS)),
    Attack(
        "a confusion matrix of them",
        doc.posts("inspect", {"experiment": doc.CLASS_BOMB, "want": ["outputs"]}),
    ),
    Attack("data that nobody shares", doc.distinct_data, 8),
    Attack("a rule that remembers much", ws.says(ws.remembered), 6),
    Attack("megabytes in the inbox", ws.says(ws.padded), 12),
    Attack("a request line of 30 MB", req.long_request_line),
    Attack("empty fragments", ws.empty_fragments),
    Attack("pings", ws.pings),
    Attack("half a head", req.half_open),
    Attack("critical points of 5,000 examples", ws.says(ws.critical)),
    Attack("outputs at 401", doc.posts("inspect", *doc.OUTPUTS)),
    Attack("saddle-free Newton", doc.posts("runs", *doc.NEWTONS)),
    Attack("noise studies left behind", ws.says(ws.noise, 0.5)),
    Attack("work that is hard to price", doc.posts("runs", *doc.MISPRICED)),
    Attack("answers that nobody reads", req.unread_answers, 16),
    Attack(
        "200,000 errors", doc.posts("runs", *map(doc.errors, ("rows", "fields", "runs", "edits", "keys")))
    ),
    Attack("long and strange paths", req.asks("GET", *req.PATHS)),
    Attack("what is not UTF-8", req.sends(*req.NOT_UTF8)),
    # JSON
    *(Attack(f"JSON: {name}", doc.posts("runs", *bodies)) for name, bodies in doc.JSON.items()),
    Attack("50,000 parameters", doc.posts("runs", *doc.THETAS)),
    Attack("formulas", doc.posts("runs", *doc.FORMULAS)),
    Attack("extreme coordinates", doc.posts("surfaces", *doc.EXTREMES)),
    # Work
    Attack("surfaces at the finest", doc.posts("surfaces", *doc.SURFACES)),
    Attack("curvature", doc.posts("curvature", *doc.CURVATURES)),
    Attack("sweeps", doc.posts("inspect", *doc.SWEEPS)),
    Attack("experiments that nobody shares", doc.distinct_experiments, 8),
    # Files
    Attack("files: tables of text", up.sends_files("tables", *up.TEXTS)),
    Attack(
        "files: columns of JSON",
        up.sends_files("tables", *up.COLUMNS, headers={"Content-Type": "application/json"}),
    ),
    Attack("files: workbooks", up.sends_files("tables", *up.WORKBOOKS)),
    Attack("files: models", up.sends_files("checkpoints", *up.MODELS)),
    Attack("files: sixteen at once", up.sends_files("tables", *up.TEXTS), 16),
    Attack("files: slow ones", up.slow_file, 50),
    Attack("files: a store filled", up.store_filled),
    Attack("files: a stored table", up.stored_table),
    Attack("GIFs", doc.posts("figures", *doc.FIGURES, headers={"Accept": "image/gif"})),
    Attack("pages that play", doc.posts("figures", *doc.FIGURES, headers={"Accept": "text/html"})),
    # Requests
    Attack("a long header", req.long_header),
    Attack("100,000 headers", req.many_headers),
    Attack("a slow head", req.slow_head, 50),
    Attack("connections that say nothing", req.idle),
    Attack("connecting and going", req.connecting, 16),
    Attack("a slow body", req.slow_body, 50),
    Attack("trickling chunks", req.trickling_chunks, 50),
    Attack("chunks of a byte", req.tiny_chunks),
    Attack("pipelined requests", req.pipelined),
    Attack("files that nobody reads", req.unread_files, 16),
    Attack("smuggled requests", req.sends(*req.SMUGGLED)),
    Attack("other protocols", req.sends(*req.OTHER_PROTOCOLS)),
    Attack("other methods", req.sends(*req.METHODS)),
    Attack("host names", req.sends(*req.HOSTS)),
    Attack("ranges and tags", req.asks("GET", "/", "/api/v1/catalog", headers=req.CACHING)),
    Attack("media types", doc.posts("runs", {}, headers=req.ACCEPTS)),
    Attack(
        "descriptions",
        req.asks("GET", "/docs", "/openapi.json", "/metrics", "/api/v1/catalog?part=opening"),
        8,
    ),
    # Streams
    *(Attack(f"frames: {name}", ws.writes(*frames)) for name, frames in ws.FRAMES.items()),
    Attack("a message without end", ws.growing_message),
    Attack("streams that open and close", ws.half_open_streams, 16),
    Attack("upgrades that cannot be", ws.upgrades),
    Attack("a flood of messages", ws.says(ws.flood, 0.0), 8),
    Attack("a flood of nonsense", ws.says(ws.nonsense, 0.0), 8),
    Attack("opening after opening", ws.says(ws.opens), 8),
    Attack("editing and going on", ws.says(ws.edits), 8),
    Attack("every study at its bounds", ws.says(ws.studies)),
    Attack("basins at their bounds", ws.says(ws.basins)),
    Attack("surface after surface", ws.says(ws.surfaces)),
    Attack("look after look", ws.says(ws.looks)),
    Attack("steps that nobody reads", ws.says(ws.everything, read=False), 16),
    Attack("back to the start", ws.says(ws.seeks), 8),
    Attack("claims to resume", ws.says(ws.resumes), 4),
)
