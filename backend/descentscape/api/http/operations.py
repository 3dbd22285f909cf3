"""What whoever runs the service asks of it: is it alive, is it ready, what has it done; and its manual."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from descentscape.api.http import docs_page
from descentscape.api.ops import metrics
from descentscape.api.ops.service import Service
from descentscape.api.ops.workers import at_once


def operations(service: Service) -> APIRouter:
    """GET /healthz, /readyz, /metrics and /docs."""
    router = APIRouter(tags=["operations"])
    described: list[str] = []

    @router.get(
        "/healthz",
        summary="Whether the process answers",
        response_class=JSONResponse,
        response_description="It does",
    )
    async def healthz() -> Response:
        return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})

    @router.get(
        "/readyz",
        summary="Whether work is taken",
        response_class=JSONResponse,
        response_description="A time slice was run",
    )
    async def readyz() -> Response:
        await service.threads.run_slice(at_once, int)
        return JSONResponse({"status": "ready"}, headers={"Cache-Control": "no-store"})

    @router.get("/metrics", summary="Counters and gauges for Prometheus", include_in_schema=False)
    async def read_metrics() -> Response:
        return Response(service.metrics.render(), media_type=metrics.METRICS_MEDIA_TYPE)

    @router.get("/docs", summary="This description as a page", include_in_schema=False)
    async def docs(request: Request) -> Response:
        if not described:
            described.append(docs_page.docs_page(request.app.openapi()))
        return HTMLResponse(described[0], headers=docs_page.HEADERS)

    return router
