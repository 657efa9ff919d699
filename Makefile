# Every target sets up what it needs by itself: python3 and make are enough.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV   := .venv
BIN    := $(VENV)/bin
LOCKS  := requirements/uv.txt requirements/runtime.txt requirements/dev.txt
# The stamp carries the hash of what was locked: a changed lock makes a new stamp, and so a new sync.
STAMP  := $(VENV)/.installed-$(shell cat $(LOCKS) pyproject.toml clients/python/pyproject.toml | sha256sum | cut -c1-16)
LINT   := openapi/lint/node_modules/.installed-$(shell cat openapi/lint/package-lock.json 2>/dev/null | sha256sum | cut -c1-16)

.PHONY: help install demo serve test check format openapi migration lock clean bench

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20

$(STAMP):
	@test -x $(BIN)/python || python3 -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip sync --quiet --require-hashes requirements/dev.txt
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e . -e clients/python
	@rm -f $(VENV)/.installed-*; touch $@

# node comes from the locked Python wheel, so the contract linter needs nothing from the machine.
$(LINT): $(STAMP)
	@cd openapi/lint && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent --no-audit --no-fund --ignore-scripts
	@rm -f openapi/lint/node_modules/.installed-*; touch $@

install: $(STAMP) ## the environment in .venv, nothing else

lock: $(STAMP) ## resolve the dependencies again, with hashes and without any host
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header pyproject.toml -o requirements/runtime.txt
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --extra dev -c requirements/runtime.txt pyproject.toml -o requirements/dev.txt
