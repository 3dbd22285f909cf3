"""One answer in three shapes with the same numbers."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest
from starlette.requests import Request

from descentscape.api.http.payloads import FRAME, JSON, NPZ, preferred, render
from descentscape.output.frames import FrameKind, unpack
from descentscape.output.serialization import json_bytes

ANSWER: dict[str, Any] = {
    "plane": {"kind": "pca", "origin": np.arange(3.0), "share": (0.5, np.float64(0.25))},
    "runs": [
        {"label": "Adam", "cost": np.array([1.0, np.nan, np.inf]), "count": np.int64(3)},
        {"label": "GD", "cost": np.array([], np.float32), "count": 0},
    ],
    "exact": np.bool_(True),
}


def request(accept: str | None) -> Request:
    headers = [] if accept is None else [(b"accept", accept.encode())]
    return Request({"type": "http", "headers": headers})


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("text/html", JSON),
        ("application/octet-stream", FRAME),
        ("application/x-npz", NPZ),
        ("Application/ZIP", NPZ),
        ("application/json;q=0.5, application/octet-stream", FRAME),
        ("application/octet-stream;q=0.1, application/json", JSON),
        ("application/octet-stream;q=bad, */*;q=0.1", JSON),
        ("text/plain, application/x-npz;q=0.2", NPZ),
        ("text/csv", JSON),
        ("application/octet-stream;q=0, application/x-npz;q=0.0", JSON),
    ],
)
def test_preferred(accept: str | None, media_type: str) -> None:
    assert preferred(request(accept), JSON, FRAME, NPZ) == media_type


def test_json_has_null_where_a_number_is_not_finite() -> None:
    answer = json.loads(json_bytes(ANSWER), parse_constant=pytest.fail)
    assert answer["runs"][0] == {"label": "Adam", "cost": [1.0, None, None], "count": 3}
    assert answer["plane"] == {"kind": "pca", "origin": [0.0, 1.0, 2.0], "share": [0.5, 0.25]}
    assert answer["exact"] is True


def test_json_keeps_every_digit() -> None:
    values = np.random.default_rng(0).normal(size=200) * 10.0 ** np.arange(-100, 100)
    assert json.loads(json_bytes({"v": values}))["v"] == values.tolist()


def test_json_refuses_what_it_does_not_know() -> None:
    with pytest.raises(Exception, match="plain values and arrays, got object"):
        json_bytes({"x": object()})


def test_frame_holds_the_arrays_by_path() -> None:
    frame = unpack(render(FrameKind.RUNS, ANSWER, FRAME).body)
    assert frame.kind is FrameKind.RUNS
    assert list(frame.arrays) == ["plane.origin", "runs.0.cost", "runs.1.cost"]
    np.testing.assert_array_equal(frame.arrays["runs.0.cost"], [1.0, np.nan, np.inf])
    assert frame.meta["runs"] == [{"label": "Adam", "count": 3}, {"label": "GD", "count": 0}]


def test_npz_is_read_without_pickle() -> None:
    response = render(FrameKind.RUNS, ANSWER, NPZ)
    with np.load(io.BytesIO(response.body), allow_pickle=False) as file:
        assert sorted(file.files) == ["meta", "plane.origin", "runs.0.cost", "runs.1.cost"]
        np.testing.assert_array_equal(file["plane.origin"], [0.0, 1.0, 2.0])
        assert json.loads(str(file["meta"]))["plane"]["kind"] == "pca"
    assert response.headers["content-type"] == NPZ
