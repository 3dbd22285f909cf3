"""The experiment as a Python program that computes it again."""

from __future__ import annotations

from descentscape.document.experiment import Experiment, minimal
from descentscape.output.exports.base import Export, ProgramSource
from descentscape.readers.carried import carried

IMPORT = "import descentscape as ds"

COMPUTE = """results = ds.run(experiment)
for run in results.runs:
    print(f"{run.label}: {run.status} after {len(run.cost) - 1} steps, cost {run.cost[-1]:.6g}")"""
"""What is asked of the document, in a program and in a notebook."""

FIGURE = "ds.figure(experiment)"

READ = "# The experiment names what these hold by its hash: name all files of the run, or their folder.\n"


def assignment(experiment: Experiment) -> str:
    """The shortest document that means the same, as the dict ``experiment``: literals, whatever it says.

    Before it, the files that its recorded runs are read from.
    """
    # One line a field: a document may carry a hundred thousand numbers, which nobody reads one a line.
    entries = [f"    {name!r}: {value!r},\n" for name, value in minimal(carried(experiment)).items()]
    recorded = {run.recorded.sha256: run.recorded for run in experiment.runs if run.recorded is not None}
    files = [f"ds.checkpoints({each.name or 'run.zip'!r})\n" for each in recorded.values()]
    read = "".join([READ, *files, "\n"]) if files else ""
    return f"{read}experiment = {{\n{''.join(entries)}}}"


def to_python(source: ProgramSource) -> bytes:
    """A program that computes the runs, says how each ended, and draws them into ``descentscape.html``."""
    draw = f'{FIGURE}.write_html("descentscape.html")'
    parts = ['"""An experiment of Descentscape."""', IMPORT, assignment(source.experiment), COMPUTE, draw]
    return ("\n\n".join(parts) + "\n").encode()


EXPORT = Export(
    kind="python",
    label="Copy as Python",
    point="A program that computes it again",
    call="programs",
    media_type="text/x-python",
    endings=("py",),
    write=to_python,
    copied=True,
)
