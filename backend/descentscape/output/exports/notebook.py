"""The experiment as a notebook for Jupyter."""

from __future__ import annotations

import json
from typing import Any

from descentscape.output.exports.base import Export, ProgramSource
from descentscape.output.exports.python import COMPUTE, FIGURE, IMPORT, assignment

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def to_notebook(source: ProgramSource) -> bytes:
    """A notebook (nbformat 4.5) of three cells: the document, its runs, its figure."""
    document = f"{IMPORT}\n\n{assignment(source.experiment)}"
    cells = [_cell("document", document), _cell("runs", COMPUTE), _cell("figure", FIGURE)]
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1).encode()


def _cell(name: str, source: str) -> dict[str, Any]:
    """A cell that was not run yet."""
    return {
        "cell_type": "code",
        "id": name,
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": source,
    }


EXPORT = Export(
    kind="notebook",
    label="Open as notebook",
    point="A Jupyter notebook that computes it again",
    call="programs",
    media_type="application/x-ipynb+json",
    endings=("ipynb",),
    write=to_notebook,
)
