"""What an export is: a file that what was computed can be taken away as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Call = Literal["runs", "figures"]
"""What a file is made from: the results of all runs, or their drawing."""


@dataclass(frozen=True)
class Export:
    """A kind of file.

    ``label`` and ``point`` are its words in the page's menu, ``media_type`` asks the call for it, and the
    command line knows it by the ``endings`` of the file's name. ``write`` makes its bytes from the results of
    ``runs``, or from the drawing of ``figures``. What is ``on_screen`` the page makes by itself, as it shows
    it; what is not ``listed`` its menu leaves out.
    """

    kind: str
    label: str
    point: str
    call: Call
    media_type: str
    endings: tuple[str, ...]
    write: Callable[[Any], bytes]
    on_screen: bool = False
    listed: bool = True
