"""The numbers of all processes of one service, of which any may be asked."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from prometheus_client import Metric, generate_latest
from prometheus_client.parser import text_string_to_metric_families

LEFT_EVERY = 1.0
"""Seconds after which a process leaves its numbers anew."""

EARLIEST = ("_start_time_seconds", "_created")
"""Endings of numbers of which the least counts; all others are added up."""


class Siblings:
    """Each process leaves its numbers in a file of one folder, named by its id, for the others to read.

    Those of a process that has ended are ignored. Where nothing can be written, a full disk for one, the
    numbers of the others are older, or missing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._own = folder, folder / str(os.getpid())

    def leave(self, text: bytes) -> None:
        """Leave the numbers of this process, in the form of GET /metrics."""
        fresh = self._own.with_suffix(".new")
        with suppress(OSError):
            fresh.write_bytes(text)
            fresh.replace(self._own)

    def with_others(self, text: bytes) -> bytes:
        """The numbers of this process and those that the others have left, added up, in the same form."""
        return generate_latest(Sum([text, *self._others()]))

    def _others(self) -> Iterator[bytes]:
        for file in self._folder.glob("[0-9]*"):
            if file.name.isdecimal() and file != self._own and _is_alive(int(file.name)):
                with suppress(OSError):
                    yield file.read_bytes()


class Sum:
    """The sum of several texts in the form of GET /metrics."""

    def __init__(self, texts: Iterable[bytes]) -> None:
        self._families = dict[str, Metric]()
        self._values = dict[tuple[str, str, tuple[tuple[str, str], ...]], float]()
        for text in texts:
            self._add(text.decode())

    def _add(self, text: str) -> None:
        for family in text_string_to_metric_families(text):
            empty = Metric(family.name, family.documentation, family.type)
            self._families.setdefault(family.name, empty)
            for sample in family.samples:
                key = family.name, sample.name, tuple(sample.labels.items())
                before = self._values.get(key)
                together = min if sample.name.endswith(EARLIEST) else float.__add__
                self._values[key] = sample.value if before is None else together(before, sample.value)

    def collect(self) -> Iterable[Metric]:
        """The families of samples, as prometheus_client asks for them."""
        for (family, name, labels), value in self._values.items():
            self._families[family].add_sample(name, dict(labels), value)
        return self._families.values()


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True
