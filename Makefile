# Two commands do everything on a fresh machine with python3 and make: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCKS := requirements/run.txt requirements/test.txt
PORT ?= 8000
BROWSER := package-lock.json src/safeconduct/envelope/envelope.ts $(wildcard src/safeconduct/line/browser/* src/safeconduct/line/browser/*/*)

.PHONY: help demo test check docs picture lock clean
.DEFAULT_GOAL := help

help:  ## what there is
	@sed -n 's/^\([a-z]*\):[^#]*## /  make \1\t/p' Makefile

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Safeconduct needs Python 3.11 or newer: install it and run  make PYTHON=python3.11 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "This Python has no venv module: install it (Debian: apt-get install python3-venv) and run make again."; rm -rf $(VENV); exit 1; }

$(VENV)/run.done: $(BIN)/python requirements/run.txt pyproject.toml hatch_build.py $(BROWSER)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes --requirement requirements/run.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/test.done: $(VENV)/run.done requirements/test.txt
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes --requirement requirements/test.txt
	@touch $@

$(VENV)/browser.done: $(VENV)/test.done
	sh tests/browser.sh
	sh tests/postgres.sh
	sh tests/tor.sh
	@touch $@

demo: $(VENV)/run.done  ## build the sample register and serve it
	$(BIN)/safeconduct demo build/demo --port $(PORT)

test: check $(VENV)/browser.done  ## every check and test
	$(BIN)/python -m pytest --numprocesses auto --cov --cov-report=term

check: $(VENV)/test.done  ## style and types only
	$(BIN)/ruff check
	$(BIN)/mypy

docs: $(VENV)/test.done  ## write the generated pages anew
	$(BIN)/python -m tests.generate

picture: $(VENV)/browser.done  ## draw docs/front-page.png from the demo
	$(BIN)/python -m tests.picture

lock: $(BIN)/python  ## resolve the dependencies anew
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --annotation-style line --upgrade --extra build --extra line pyproject.toml --output-file requirements/run.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --annotation-style line --constraint requirements/run.txt --extra dev pyproject.toml --output-file requirements/test.txt

clean:  ## remove the environment and what was built
	rm -rf $(VENV) node_modules build .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis
