# The few commands a person types. Each creates what it needs and is fast the second time.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help venv demo test faults lint bench format docs lock clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' Makefile | sed 's/:.*##/\t/' | expand -t 12

venv: $(VENV)/.ready ## build .venv with the command in .venv/bin/ooh-player

# --only-binary: every wheel is locked by hash, and none is built here, but for the one named package without a wheel.
$(VENV)/.ready: requirements/runtime.lock setup.cfg pyproject.toml
	@PYTHON="$(PYTHON)" requirements/bootstrap runtime

$(VENV)/.ready-dev: $(VENV)/.ready requirements/dev.lock
	@PYTHON="$(PYTHON)" requirements/bootstrap dev

demo: venv ## play ads on this machine and prove it: no network, no account
	@$(BIN)/ooh-player demo $(ARGS)

$(VENV)/.ready-bench: $(VENV)/.ready-dev requirements/bench.lock
	@PYTHON="$(PYTHON)" requirements/bootstrap bench

test: $(VENV)/.ready-dev ## the whole test suite
	@$(BIN)/python -m pytest -n 2 $(ARGS)

faults: $(VENV)/.ready-dev ## kill, stop and refuse on purpose, for some minutes: is every play proven?
	@$(BIN)/python -m tests.faults.deliver && $(BIN)/python -m tests.faults.kill

lint: $(VENV)/.ready-dev ## ruff and mypy
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

bench: $(VENV)/.ready-bench ## the figures that the README claims
	@$(BIN)/python -m bench.screen

format: $(VENV)/.ready-dev ## put the code in order
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

lock: $(VENV)/.ready-dev ## renew requirements/*.lock (hashes, Python 3.11 to 3.13)
	@cd requirements && for set in runtime dev bench; do \
	  ../$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header \
	  --upgrade $$set.in -o $$set.lock; done

docs: $(VENV)/.ready-dev ## write the generated tables of the documents anew
	@$(BIN)/python -m config

clean: ## remove what make made
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .hypothesis out
