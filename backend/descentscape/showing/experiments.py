"""An experiment, or an exploration, on the page, which the service serves from a thread of this process."""

from __future__ import annotations

import base64
import zlib

from descentscape.api.aside import serve_aside
from descentscape.core.canonical import canonical
from descentscape.document.experiment import Experiment, minimal
from descentscape.explorations.exploration import Exploration
from descentscape.explorations.known import document_of
from descentscape.showing.shown import Shown


def show_experiment(experiment: Experiment) -> Shown:
    """Serve the page on a free port, and give the address that opens it on the experiment."""
    address, end = serve_aside()
    return Shown(address + link_of(experiment), end)


def show_exploration(exploration: Exploration) -> Shown:
    """The same of an exploration, whose model the page knows for as long as it is shown."""
    model = exploration.laying.known_in(lambda: (exploration.plane, exploration.extent))
    shown = show_experiment(document_of(model, exploration.laying.runs))

    def end() -> None:
        shown.end()
        model.forget()

    return Shown(shown.url, end)


def link_of(experiment: Experiment) -> str:
    """The hash of the page's address that holds an experiment: deflated JSON in base64url."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    document = "".join(canonical(minimal(experiment)))
    packed = packer.compress(document.encode()) + packer.flush()
    return "#x=" + base64.urlsafe_b64encode(packed).decode().rstrip("=")
