# Two commands for a newcomer: `make run` opens the page, `make test` runs every test.
# Both set up what they need in .venv; all they ask for is Python 3.11 or newer, with venv, and make.

# Numba, which compiles the inner loops, has wheels for these.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14 python3.15 python; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 16))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq
BENCH_PYTHON := .bench/venv/bin/python
INTEROP_PYTHON := .interop/venv/bin/python
BENCH_PIP := $(BENCH_PYTHON) -m pip --disable-pip-version-check --no-input -qq
TOOLCHAIN := $(BIN)/python tests/toolchain.py

# What a shell may have set for other Pythons must not reach this one.
unexport PYTHONHOME PYTHONPATH PIP_PREFIX PIP_REQUIRE_VIRTUALENV PIP_TARGET PIP_USER
.DELETE_ON_ERROR:
.PHONY: run test check frontend unit fuzz interop bench lock clean

run: .venv/.run
	@$(BIN)/python -m descentscape serve

test: check frontend unit

# Style and types, and the page's style.
check: .venv/.test
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(TOOLCHAIN) node -- npm --prefix tests/frontend run --silent lint

# The page's own types and its pure modules.
frontend: .venv/.test
	$(TOOLCHAIN) node -- node --test tests/frontend/*/*.test.js
	$(TOOLCHAIN) node -- npm --prefix tests/frontend run --silent types

# Mathematics and service, then the page in a real Chromium, whose driver keeps an event loop to itself.
unit: .venv/.test
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --ignore tests/browser --ignore tests/interop
	@chromium=$$($(TOOLCHAIN) chromium) && set -x && \
	DESCENTSCAPE_CHROMIUM="$$chromium" $(BIN)/python -m pytest -q -n 2 --dist worksteal tests/browser

# Ten thousand new examples of every property: what any client may say, any document, formula, link and call.
fuzz: .venv/.test
	$(TOOLCHAIN) node -- env FUZZ_EXAMPLES=10000 FUZZ_SEED=$$$$ node --test tests/frontend/app/any-link.test.js
	$(BIN)/python -m pytest -q -n 2 -m hypothesis --hypothesis-profile thorough --ignore tests/browser --ignore tests/interop

# Side by side with PyTorch, JAX and loss-landscapes, which have a Python of their own; into docs/speed.md.
# make bench BENCH="--only surface" measures one row again, BENCH=--quick tries the bench itself.
bench: .bench/.ready
	@$(BENCH_PYTHON) -m descentscape compile
	@PYTHONPATH=tests $(BENCH_PYTHON) -m bench $(BENCH)

# Models of other libraries, made anew and read here; they stand in an environment of their own.
interop: .interop/.ready
	$(INTEROP_PYTHON) -m pytest -q tests/interop

# The exact versions that the container installs, for every platform: the newest that pyproject.toml allows.
lock: .venv/bin/python
	@$(PIP) install uv
	$(BIN)/python -m uv pip compile --quiet --upgrade --universal --python-version 3.11 \
		--no-header --no-annotate --output-file requirements.lock pyproject.toml

.venv/bin/python:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 to 3.15 is needed: install one, or name it: make PYTHON=/path/to/python"; exit 1; }
	@"$(PYTHON)" -m venv --clear .venv || { rm -rf .venv; \
		echo "Python's venv module is needed: install it (on Debian and Ubuntu: apt install python3-venv)"; exit 1; }

.venv/.run: pyproject.toml .venv/bin/python
	@echo "Setting up Descentscape in .venv (once, about two minutes)"
	@$(PIP) install --only-binary numba,llvmlite --editable . || { \
		echo "No wheel of Numba, which Descentscape needs, fits this Python or system: use Python 3.11 to 3.15 on"; \
		echo "Linux with glibc (not Alpine), macOS on Apple silicon, or Windows: make PYTHON=/path/to/python"; exit 1; }
	@$(BIN)/python -m descentscape compile
	@touch $@

.venv/.test: tests/frontend/package-lock.json .venv/.run
	@echo "Setting up the tests (once, a minute or two)"
	@$(PIP) install 'pip>=25.1'
	@$(PIP) install --group dev
	@$(TOOLCHAIN) setup
	@touch $@

.bench/.ready: pyproject.toml .venv/.run
	@echo "Setting up the bench and those it compares with in .bench (once, a few minutes)"
	@$(BIN)/python -m venv --clear .bench/venv
	@$(BENCH_PIP) install 'pip>=25.1'
	@$(BENCH_PIP) install --only-binary numba,llvmlite --editable . --group bench
	@touch $@

.interop/.ready: pyproject.toml .venv/.run
	@echo "Setting up the libraries whose models are read in .interop (once, a few minutes)"
	@$(BIN)/python -m venv --clear .interop/venv
	@$(INTEROP_PYTHON) -m pip install -qq 'pip>=25.1'
	@$(INTEROP_PYTHON) -m pip install -qq --only-binary numba,llvmlite --extra-index-url \
		https://download.pytorch.org/whl/cpu --editable . --group interop
	@touch $@

clean:
	rm -rf .venv .bench .interop dist build tests/frontend/node_modules
