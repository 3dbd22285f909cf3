"""The text that Prometheus reads."""

from __future__ import annotations

import re

import pytest

from descentscape.api.ops.metrics import FAMILIES, Metrics

LINE = re.compile(r'(# (HELP|TYPE) .+|[a-z_]+(\{([a-z]+="([^"\\\n]|\\.)*",?)+\})? [-+.e0-9]+)')


def test_counters_add_up_by_label() -> None:
    metrics = Metrics()
    metrics.count("requests_total", route="/a", status="200")
    metrics.count("requests_total", 2, route="/a", status="200")
    metrics.count("requests_total", route="/b", status="404")
    text = metrics.render()
    assert 'descentscape_requests_total{route="/a",status="200"} 3\n' in text
    assert 'descentscape_requests_total{route="/b",status="404"} 1\n' in text


def test_gauges_are_read_when_asked() -> None:
    metrics, now = Metrics(), [4.0]
    metrics.gauge("sockets", lambda: now[0])
    assert "descentscape_sockets 4\n" in metrics.render()
    now[0] = 5
    assert "descentscape_sockets 5\n" in metrics.render()


def test_every_line_is_well_formed() -> None:
    metrics = Metrics()
    metrics.count("requests_total", route='a"b\\c\nd', status="200")
    metrics.count("turn_seconds_total", 1.5e-7)
    lines = metrics.render().splitlines()
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    assert len([line for line in lines if line.startswith("# TYPE")]) == len(FAMILIES)


def test_an_unknown_name_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        Metrics().count("requestz_total")
