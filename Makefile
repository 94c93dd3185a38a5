# Every target does its own set-up on a bare machine: `make demo` and `make test` are all a newcomer needs.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_DIR ?= demo
export UV_LINK_MODE := copy
# uv takes the interpreter that made the venv and never downloads one.
export UV_PYTHON_DOWNLOADS := never

.PHONY: help setup demo test lint types contracts bench prove docs ci lock translations browser plugins
help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(VENV)/.installed ## .venv with the locked packages and the command .venv/bin/lianqiao

$(VENV)/.installed: requirements.lock pyproject.toml twosided/pyproject.toml Makefile tools/make-venv tools/uv.txt
	tools/make-venv $(PYTHON) $(VENV)
	$(BIN)/uv pip sync -q --python $(BIN)/python --require-hashes requirements.lock
	$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e ./twosided -e .
	touch $@

demo: setup ## the example district: two lists in, a plan of the round out
	$(BIN)/lianqiao demo --out $(DEMO_DIR)

test: setup browser plugins ## the whole suite, long proofs with reduced counts
	$(BIN)/python -m pytest -q -n 2

prove: setup browser plugins ## the whole suite with full counts
	PROVE=1 $(BIN)/python -m pytest -q -n 2

browser:
	tools/install-browser

plugins: setup ## the optional models, for their own tests
	tools/install-plugins $(VENV)

lint: setup ## style, dead dependencies, translations complete
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/deptry .
	cd twosided && ../$(BIN)/deptry src
	$(BIN)/python tools/translations.py --check

types: setup plugins ## mypy, strict
	$(BIN)/mypy

contracts: setup ## who may import whom
	$(BIN)/lint-imports

bench: setup ## one table of ratios against peers, then each question in full
	$(BIN)/python bench/table.py
	$(BIN)/python bench/deferred_acceptance.py
	$(BIN)/python bench/quality.py --quick
	$(BIN)/python bench/speed.py --quick
	$(BIN)/python bench/relevance.py

docs: setup ## docs/_build/html
	$(BIN)/python -m sphinx -q -W --keep-going -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

translations: setup ## collect new texts, compile the catalogues
	$(BIN)/python tools/translations.py

lock: $(VENV)/.installed ## refresh both locks
	tools/lock $(BIN)/uv

ci: lint types contracts test docs ## everything CI runs
