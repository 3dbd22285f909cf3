FROM python:3.13-slim AS build
RUN python -m venv --without-pip /venv
WORKDIR /src
COPY requirements.lock ./
RUN python -m pip --python /venv/bin/python install --no-cache-dir --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY backend backend
COPY frontend frontend
RUN python -m pip --python /venv/bin/python install --no-cache-dir --no-deps .
# Compiled for any x86-64 since 2013 (AVX2 and FMA), or any 64-bit ARM, wherever the image was built.
RUN case "$(uname -m)" in x86_64) cpu=x86-64-v3;; *) cpu=generic;; esac \
    && printf 'export NUMBA_CPU_NAME=%s NUMBA_CPU_FEATURES=""\n' "$cpu" > /venv/compiled-for \
    && . /venv/compiled-for && NUMBA_CACHE_DIR=/venv/compiled /venv/bin/python -m descentscape compile

FROM python:3.13-slim
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH \
    HOST=0.0.0.0 \
    PORT=8000 \
    NO_BROWSER=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    NUMBA_CACHE_DIR=/tmp/compiled
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/healthz\", timeout=2)"]
# Numba keeps what it compiled where it can write: under a root that is read-only, in a tmpfs.
CMD ["sh", "-c", ". /venv/compiled-for && cp -R /venv/compiled /tmp/ && exec python -m descentscape serve"]
