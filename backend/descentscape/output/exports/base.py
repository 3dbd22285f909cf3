"""What an export is: a file that what was computed can be taken away as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from descentscape.document.experiment import Experiment

Call = Literal["runs", "figures", "surfaces", "programs"]
"""What a file is made from: the results of all runs, their drawing, the surface, or the document alone."""


ADDRESS = "http://127.0.0.1:8000"
"""Where a service is if nothing else is said."""


@dataclass(frozen=True)
class ProgramSource:
    """What a program is written from: the document, and the address of a service that computes it."""

    experiment: Experiment
    address: str = ADDRESS


@dataclass(frozen=True)
class Export:
    """A kind of file.

    ``label`` and ``point`` are its words in the page's menu, ``media_type`` asks the call for it, and the
    command line knows it by the ``endings`` of the file's name. ``write`` makes its bytes from the results of
    ``runs``, the drawing of ``figures``, the surface of ``surfaces``, or the `ProgramSource` of
    ``programs``, of which nothing is computed. Where that takes long, ``gather`` takes plain values from
    these, of which another process can ``write`` it. What is ``copied`` goes to the clipboard of who chooses
    it on the page. ``query`` asks the call for all that the same file has elsewhere. What is ``on_screen``
    the page makes by itself, as it shows it; what is not ``listed`` its menu leaves out.
    """

    kind: str
    label: str
    point: str
    call: Call
    media_type: str
    endings: tuple[str, ...]
    write: Callable[[Any], bytes]
    copied: bool = False
    query: str = ""
    on_screen: bool = False
    listed: bool = True
    gather: Callable[[Any], Any] | None = None

    def bytes_of(self, source: Any) -> bytes:
        """The file that is made from the results, the drawing, the surface or the program's source."""
        return self.write(source if self.gather is None else self.gather(source))
