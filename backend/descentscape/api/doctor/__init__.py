"""What this machine will hold when it serves a class, and what is in the way: ``descentscape doctor``.

`look` asks the machine, `findings` says what follows, `as_text` and `as_json` tell it to people and programs.
"""

from descentscape.api.doctor.facts import Facts, look
from descentscape.api.doctor.findings import Finding, as_json, as_text, findings, stops_serving

__all__ = ["Facts", "Finding", "as_json", "as_text", "findings", "look", "stops_serving"]
