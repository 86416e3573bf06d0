# The verbs of this project: plain `make` lists them. The work is done by the tools they name.

PYTHON ?= python3
BIN := .venv/bin
ENVIRONMENT := .venv/installed

# No test or check needs an AWS account, and none may find one.
export SAM_CLI_TELEMETRY := 0
# Where a container or a shell has this set, each process would compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE

# Tests run side by side, those of one file, and those of one local world, in one process: tests/scheduling.py.
# Worlds wait for one another, so there are more of them than two cores; what `make quick` runs waits for nothing.
PROCESSES ?= 3
quick: PROCESSES = 2
# Those that show each line and branch of what is deployed.
TESTS_OF_SRC := $(addprefix tests/unit/,antipode authorizer canary health relay replica)
PYTEST = $(BIN)/pytest -n $(PROCESSES) --no-loadscope-reorder

.PHONY: help setup demo up down status doctor quick test check audit fix lock bench
.DEFAULT_GOAL := help

help:
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

setup: $(ENVIRONMENT) ## make the Python environment in .venv; every other verb does it on first use

demo: $(ENVIRONMENT) ## see a change made in Sydney arrive in Ireland
	@$(BIN)/antipode demo

up: $(ENVIRONMENT) ## start the Regions on this machine and leave them running
	@$(BIN)/antipode up

down: $(ENVIRONMENT) ## end them
	@$(BIN)/antipode down || [ $$? -eq 3 ]

status: $(ENVIRONMENT) ## show their addresses and keys
	@$(BIN)/antipode status

doctor: $(ENVIRONMENT) ## look at what must be on this machine, and say how to mend it
	@$(BIN)/antipode doctor

quick: $(ENVIRONMENT) ## run the tests that need neither the engine nor the SAM CLI
	$(PYTEST) -q --hypothesis-profile=quick tests/unit tests/property tests/edge

test: $(ENVIRONMENT) ## run every test, those on the local world included
	$(PYTEST) $(LEFT_OUT)

check: $(ENVIRONMENT) ## run what CI runs: the static checks and every test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/antipode schema --check
	$(BIN)/python -m audit code templates workflows
	$(BIN)/coverage run -m pytest -q $(TESTS_OF_SRC)
	$(BIN)/coverage report
	$(MAKE) --no-print-directory test LEFT_OUT='$(TESTS_OF_SRC:%=--ignore=%)' # they have run

audit: $(ENVIRONMENT) ## look for known weaknesses: dependencies, code, templates, pipelines
	$(BIN)/python -m audit
	$(BIN)/pytest -q tests/template

fix: $(ENVIRONMENT) ## format, and mend what can be mended without thinking
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

COMPILE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header $(OPTIONS)

lock: $(ENVIRONMENT) ## write the lock files anew; OPTIONS=--upgrade for newer versions
	$(COMPILE) --python-version 3.11 --group dev --output-file requirements.lock
	$(COMPILE) --python-version 3.11 --group engine --output-file antipode_tools/world/engine/engine.lock
	$(COMPILE) --python-version 3.11 --group audit --output-file audit/audit.lock
	$(COMPILE) --python-version 3.11 --group clients --output-file tests/clients/node.lock
	$(COMPILE) --python-version 3.13 --group layer --constraints requirements.lock --output-file src/layer/requirements.txt
	$(COMPILE) --python-version 3.13 --group authorizer --constraints requirements.lock --output-file src/authorizer/requirements.txt
	$(COMPILE) --python-version 3.13 --group asymmetric --constraints requirements.lock --output-file src/asymmetric/requirements.txt
	$(COMPILE) --python-version 3.13 --group canary --constraints requirements.lock --output-file src/canary/requirements.txt

bench: $(ENVIRONMENT) ## measure; the figures of docs/performance.md
	$(BIN)/python -m bench

# Whatever was left half-made by an interruption is made anew.
$(ENVIRONMENT): requirements.lock pyproject.toml
	@echo "making the Python environment in .venv" >&2
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.13" if sys.version_info < (3, 11) else 0)'
	@$(BIN)/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@awk '/^uv==/ { on = 1 } on { print } on && !/\\$$/ { exit }' requirements.lock \
		| $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r /dev/stdin
	@$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python requirements.lock
	@$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable .
	@touch $@
