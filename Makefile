# The few commands a person types. Each creates what it needs and is fast the second time.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help venv demo test faults field soak lint deb bench pictures format docs lock clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' Makefile | sed 's/:.*##/\t/' | expand -t 12

venv: $(VENV)/.ready ## build .venv with the command in .venv/bin/ooh-player

# --only-binary: every wheel is locked by hash, and none is built here, but for the one named package without a wheel.
$(VENV)/.ready: requirements/runtime.lock setup.cfg pyproject.toml
	@PYTHON="$(PYTHON)" requirements/bootstrap runtime

$(VENV)/.ready-dev: $(VENV)/.ready requirements/dev.lock requirements/npm/package-lock.json
	@PYTHON="$(PYTHON)" requirements/bootstrap dev

demo: venv ## play ads on this machine and prove it: no network, no account
	@$(BIN)/ooh-player demo $(ARGS)

$(VENV)/.ready-bench: $(VENV)/.ready-dev requirements/bench.lock
	@PYTHON="$(PYTHON)" requirements/bootstrap bench

test: $(VENV)/.ready-dev ## the whole test suite; ARGS=--strict runs nothing twice
	@$(BIN)/python -m tests $(ARGS)

faults: $(VENV)/.ready-dev ## kill, cut, fill, fuzz and forge on purpose, for half an hour: is every play proven?
	@for program in kill leases deliver outage power disk forge fuzz doctor; do \
	  echo "== tests.faults.$$program"; $(BIN)/python -m tests.faults.$$program || exit 1; done

field: $(VENV)/.ready-dev ## install, break, upgrade, roll back and remove it: in a container with systemd, in a virtual machine, and as arm64 (root)
	@$(BIN)/python -m tests.field.install $(ARGS) && $(BIN)/python -m tests.field.vm && $(BIN)/python -m tests.field.arm64

soak: $(VENV)/.ready-dev ## ten thousand slots through the real screen: does its memory grow?
	@$(BIN)/python -m tests.soak.screen $(ARGS)

lint: $(VENV)/.ready-dev ## ruff and mypy
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

deb: $(VENV)/.ready-dev ## the bundle, .deb and .zip, into dist/ with their sizes (ARCH=arm64 for one, PYTHON=3.13 for Debian 13)
	@$(BIN)/python -m systemd.deb $(if $(ARCH),--arch $(ARCH)) $(if $(filter 3.%,$(PYTHON)),--python $(PYTHON)) $(ARGS)

BENCHES := screen video picture.quality picture.speed picture.html5 exchange journal delivery export browser_frames \
  heartbeat field
bench: $(VENV)/.ready-bench ## the figures that the README claims, beside other players (BENCHES="screen video" for some)
	@for program in $(BENCHES); do echo "== bench.$$program"; $(BIN)/python -m bench.$$program || exit 1; done

pictures: $(VENV)/.ready-bench ## draw the sheets of docs/ anew: layouts, panels, cards, the local page
	@$(BIN)/python -m bench.picture.sheet docs --table docs/layout.md && $(BIN)/python -m bench.picture.panels docs
	@$(BIN)/python -m bench.picture.cards docs && $(BIN)/python -m bench.picture.page docs

format: $(VENV)/.ready-dev ## put the code in order
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

lock: $(VENV)/.ready-dev ## renew requirements/*.lock (hashes, Python 3.11 to 3.13)
	@cd requirements && for set in runtime dev bench; do \
	  ../$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header \
	  --upgrade $$set.in -o $$set.lock; done

docs: $(VENV)/.ready-dev ## write the generated tables of the documents anew
	@$(BIN)/python -m config

clean: ## remove what make made
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis out
