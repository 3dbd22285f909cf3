"""What Prometheus reads, parsed as it parses it."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from api.talking import MOONS, SADDLE, Talk
from clocks import Clock
from descentscape.api.ops.metrics import METRICS_MEDIA_TYPE, Metrics


def samples(metrics: Metrics) -> dict[tuple[str, tuple[str, ...]], float]:
    families = text_string_to_metric_families(metrics.render().decode())
    return {
        (each.name, tuple(value for _, value in sorted(each.labels.items()))): each.value
        for family in families
        for each in family.samples
    }


def test_percentiles_can_be_read_off_requests() -> None:
    metrics = Metrics()
    for seconds in [0.004] * 98 + [0.3] * 2:
        metrics.requests.labels("/a", "200").observe(seconds)
    found = samples(metrics)
    name = "descentscape_request_seconds_bucket"
    below = {limit: found[name, (limit, "/a", "200")] for limit in ("0.002", "0.005", "0.2", "0.5")}
    assert list(below.values()) == [0, 98, 98, 100]
    assert found["descentscape_request_seconds_count", ("/a", "200")] == 100


def test_gauges_are_read_when_asked() -> None:
    metrics, now = Metrics(), [4.0]
    metrics.gauge("sockets", "Streams open now.", lambda: now[0])
    assert samples(metrics)["descentscape_sockets", ()] == 4
    now[0] = 5
    assert samples(metrics)["descentscape_sockets", ()] == 5


def test_two_services_of_one_process_count_apart() -> None:
    first, second = Metrics(), Metrics()
    first.queued.observe(0.5)
    assert samples(first)["descentscape_queue_seconds_count", ()] == 1
    assert samples(second)["descentscape_queue_seconds_count", ()] == 0


def test_messages_are_timed_by_their_type() -> None:
    heard: list[tuple[str, float]] = []
    talk = Talk(observe=lambda *seen: heard.append(seen))
    talk.say("open", experiment=MOONS).say("play").say("nonsense").listen()
    assert heard == [("open", 0.0), ("play", 0.0), ("refused", 0.0)]


def test_the_first_picture_of_each_experiment_is_timed_once() -> None:
    clock, heard = Clock(), list[float]()
    talk = Talk(clock, pictured=heard.append)
    talk.say("open", experiment=MOONS).say("surface", id=1)
    clock.now += 2
    talk.listen()
    talk.say("surface", id=2).listen()
    assert heard == [2.0]
    talk.say("open", experiment=SADDLE).listen()
    assert heard == [2.0]
    clock.now += 1
    talk.say("surface", id=3).listen()
    assert heard == [2.0, 1.0]


def test_the_media_type_is_that_of_the_text_format() -> None:
    assert METRICS_MEDIA_TYPE.startswith("text/plain; version=0.0.4")
