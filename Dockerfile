# syntax=docker/dockerfile:1
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE requirements.lock ./
COPY backend backend
COPY frontend frontend
RUN python -m venv /venv \
 && /venv/bin/python -m pip install --no-cache-dir --requirement requirements.lock \
 && /venv/bin/python -m pip install --no-cache-dir --no-deps .

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home descentscape
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH HOST=0.0.0.0 PORT=8000 NO_BROWSER=1 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/healthz\", timeout=2)"]
STOPSIGNAL SIGTERM
CMD ["descentscape", "serve"]
