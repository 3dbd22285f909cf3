FROM python:3.13-slim AS build
RUN python -m venv --without-pip /venv
WORKDIR /src
COPY requirements.lock ./
RUN python -m pip --python /venv/bin/python install --no-cache-dir --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY backend backend
COPY frontend frontend
RUN python -m pip --python /venv/bin/python install --no-cache-dir --no-deps .

FROM python:3.13-slim
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH \
    HOST=0.0.0.0 \
    PORT=8000 \
    NO_BROWSER=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/healthz\", timeout=2)"]
CMD ["python", "-m", "descentscape", "serve"]
