"""The call that computes the experiment, for a shell."""

from __future__ import annotations

import json
import shlex

from descentscape.document.experiment import minimal
from descentscape.output.exports.base import Export, ProgramSource

CALL = """curl --fail-with-body --silent --show-error --header 'Content-Type: application/json' \\
  --data-binary @- {address} <<'EXPERIMENT'
{document}
EXPERIMENT
"""


def to_curl(source: ProgramSource) -> bytes:
    """A command that asks the service for the runs, which it prints as JSON.

    The document is one line, so that nothing in it can end what is handed to curl.
    """
    address = f"{source.address.rstrip('/')}/api/v1/runs"
    document = json.dumps(minimal(source.experiment), allow_nan=False)
    return CALL.format(address=shlex.quote(address), document=document).encode()


EXPORT = Export(
    kind="curl",
    label="Copy as curl",
    point="A command that asks the service for the numbers",
    call="programs",
    media_type="text/x-shellscript",
    endings=("sh",),
    write=to_curl,
    copied=True,
)
