# Two commands for a newcomer: `make run` opens the page, `make test` runs every test.
# Both set up what they need in .venv; all they ask for is Python 3.11 or newer (and make).

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3.14 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test check unit frontend browser lock clean

run: .venv/.run
	@$(BIN)/descentscape serve

test: check frontend unit

# Style and types.
check: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The page's own types and its pure modules.
frontend: .venv/.test
	$(BIN)/python tests/toolchain.py node -- node --test 'tests/frontend/*.test.js'
	$(BIN)/python tests/toolchain.py node -- npm --prefix tests/frontend run --silent types

# Mathematics, service and page, the last in a real Chromium.
unit: .venv/.test
	DESCENTSCAPE_CHROMIUM="$$($(BIN)/python tests/toolchain.py chromium)" $(BIN)/python -m pytest -q -n 2 --dist loadfile

# The exact versions that the container installs.
lock: .venv/.test
	$(BIN)/python tests/toolchain.py lock > requirements.lock

.venv/bin/python:
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is needed: install it, or name it: make PYTHON=/path/to/python"; exit 1; fi
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is needed: install it (on Debian and Ubuntu: python3-venv)"; exit 1; }
	@$(PIP) install --upgrade 'pip>=25.1'

.venv/.run: pyproject.toml | .venv/bin/python
	@echo "Setting up Descentscape (once, about a minute)"
	@$(PIP) install --editable .
	@touch $@

.venv/.test: pyproject.toml tests/frontend/package.json | .venv/.run
	@echo "Setting up the tests (once, a minute or two)"
	@$(PIP) install --editable . --group dev
	@$(BIN)/python tests/toolchain.py setup
	@touch $@

clean:
	rm -rf .venv dist build tests/frontend/node_modules
