"""What all connections share, and what tells of those that are refused."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from descentscape.api.ops.byte_pool import BytePool
from descentscape.api.ops.metrics import Metrics
from descentscape.api.ops.settings import Settings
from descentscape.api.wire.connections import Connections

LINGER_SECONDS = 2.0
"""How long what comes on a refused connection is ignored: to close it at once may lose the last words."""

END_SECONDS = 4.0
"""How long clients may go on reading when the service ends: less than uvicorn waits for them."""

_log = logging.getLogger("descentscape")


@dataclass(frozen=True)
class Bounds:
    """The settings, the connections that are open, what streams have sent unread, and where it is told."""

    settings: Settings
    connections: Connections
    inboxes: BytePool
    metrics: Metrics

    def note(self, status: int, client: tuple[str, int] | None) -> None:
        """Tell the metrics and the log of a refusal that the application does not see."""
        self.metrics.refused.labels(str(status)).inc()
        address = client[0] if client else None
        _log.info("connection refused", extra={"status": status, "address": address})
