# Rackcast: `make` lists what can be done here.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
REFERENCE := $(VENV)/.reference
INSTALL = if $(BIN)/python -m uv --version >/dev/null 2>&1; then \
	  $(BIN)/python -m uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r $(1); \
	else \
	  $(BIN)/python -m pip install --quiet --require-hashes -r $(1); \
	fi

.DEFAULT_GOAL := help
.PHONY: help setup run test check lock bench data clean

help: ## List the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(STAMP) ## Create .venv with the locked packages and the project itself

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Rackcast needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv || true
	@$(call INSTALL,requirements.lock)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q dashboard data forecasts
	@echo "Compiling the model (half a minute, once) …"
	@$(BIN)/rackcast project --json >/dev/null
	@touch $(STAMP)

$(REFERENCE): $(STAMP) reference.lock
	@$(call INSTALL,reference.lock)
	@touch $(REFERENCE)

run: setup ## Set everything up and open the app on http://127.0.0.1:8501 (PORT=… for another)
	$(BIN)/rackcast dashboard --port $(PORT)

test: setup $(REFERENCE) ## Set everything up and run all tests
	$(BIN)/python -m pytest

check: setup ## Format, lint, types, import contracts, lock file
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@! find tests -name '*.py' ! -name conftest.py -printf '%f\n' | sort | uniq -d | grep . || { echo "two files of tests have this name"; exit 1; }
	@! grep -q '://' requirements.lock reference.lock || { echo "a lock file names an address"; exit 1; }
	$(BIN)/python -m data.package --verify

lock: setup ## Resolve pyproject.toml anew into the lock files (versions and hashes only)
	$(BIN)/python -m uv pip compile --universal --python-version 3.11 --no-header --generate-hashes --extra dev --extra build --extra cluster --extra postgres --extra auth --extra agent pyproject.toml -o requirements.lock
	$(BIN)/python -m uv pip compile --universal --python-version 3.11 --no-header --generate-hashes --extra reference --constraint requirements.lock pyproject.toml -o reference.lock

data: setup ## Rewrite data/datapackage.json after a table changed
	$(BIN)/python -m data.package --describe

bench: setup ## Measure speed: engine, first page
	$(BIN)/python -m benchmarks

clean: ## Remove what setup and the tools made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache *.egg-info
