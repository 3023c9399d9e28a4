# Rackcast: `make` lists what can be done here.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup run test check lock bench data clean

help: ## List the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(STAMP) ## Create .venv with the locked packages and the project itself

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Rackcast needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv || true
	@if $(BIN)/python -m uv --version >/dev/null 2>&1; then \
	  $(BIN)/python -m uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock; \
	else \
	  $(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock; \
	fi
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

run: setup ## Set everything up and open the app on http://127.0.0.1:8501
	$(BIN)/rackcast dashboard

test: setup ## Set everything up and run all tests
	$(BIN)/python -m pytest

check: setup ## Format, lint, types, import contracts, lock file
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@! grep -q '://' requirements.lock || { echo "requirements.lock names an address"; exit 1; }
	$(BIN)/python -m data.package --verify

lock: setup ## Resolve pyproject.toml anew into requirements.lock (versions and hashes only)
	$(BIN)/python -m uv pip compile --universal --python-version 3.11 --no-header --generate-hashes --extra dev --extra build pyproject.toml -o requirements.lock

data: setup ## Rewrite data/datapackage.json after a table changed
	$(BIN)/python -m data.package --describe

bench: setup ## Measure speed: engine, first page
	$(BIN)/python -m benchmarks

clean: ## Remove what setup and the tools made
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache *.egg-info
