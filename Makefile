# Every target sets up what it needs by itself: python3 and make are enough.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# Bytecode is kept, also where the environment says not to: every server and every worker would compile all of it.
export PYTHONDONTWRITEBYTECODE :=

VENV   := .venv
BIN    := $(VENV)/bin
LOCKS  := requirements/uv.txt requirements/runtime.txt requirements/dev.txt
# The stamp carries the hash of what was locked: a changed lock makes a new stamp, and so a new sync.
STAMP  := $(VENV)/.installed-$(shell cat $(LOCKS) pyproject.toml clients/python/pyproject.toml | sha256sum | cut -c1-16)
LINT   := openapi/lint/node_modules/.installed-$(shell cat openapi/lint/package-lock.json 2>/dev/null | sha256sum | cut -c1-16)

.PHONY: help install test-programs demo serve test test-all bench attack check format openapi migration lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

$(STAMP):
	@test -x $(BIN)/python || python3 -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes requirements/dev.txt
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e . -e clients/python
	@$(BIN)/python -m compileall -q api domain migrations clients/python/apos_client
	@rm -f $(VENV)/.installed-*; touch $@

# node comes from the locked Python wheel, so the contract linter needs nothing from the machine.
$(LINT): $(STAMP)
	@cd openapi/lint && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent --no-audit --no-fund --ignore-scripts
	@rm -f openapi/lint/node_modules/.installed-*; touch $@

install: $(STAMP) ## the environment in .venv, nothing else

test-programs: ## PgBouncer and nginx for the tests, where this is root on Debian; without them it says what is not tested
	@export PATH="$$PATH:/usr/sbin" DEBIAN_FRONTEND=noninteractive; \
	{ command -v pgbouncer && command -v nginx; } > /dev/null && exit 0; \
	{ test "$$(id -u)" = 0 && command -v apt-get && apt-get update -qq && \
		apt-get install -qq --no-install-recommends pgbouncer nginx-light openssl; } > /dev/null 2>&1 || true; \
	command -v pgbouncer > /dev/null || echo 'pgbouncer is not installed, and cannot be here: the tests use a pooler of their own'; \
	command -v nginx > /dev/null || echo 'nginx is not installed, and cannot be here: docs/proxy/nginx.conf is not tested'

demo: $(STAMP) ## the programme office's day and a supplier's journey on the real portfolio, on SQLite; exports in build/demo
	@$(BIN)/python clients/demo/day.py

serve: $(STAMP) ## serve the real portfolio on 127.0.0.1:8000 until stopped
	@$(BIN)/python clients/demo/day.py --prepare-only
	@APOS_DATABASE_URL=sqlite:///build/demo/portfolio.sqlite exec $(BIN)/apos-server serve

TESTS := $(BIN)/python -m pytest -q -n auto --dist worksteal

test: $(STAMP) ## the gate: every test, most on SQLite and on a PostgreSQL that it starts, a few on one of them (docs/testing.md)
	@$(TESTS)

test-all: $(STAMP) ## every test on both databases, with all generated cases
	@$(TESTS) --full

bench: $(STAMP) ## how fast it is beside a plain application and the same data work bare, on both databases; tables in build/bench
	@$(BIN)/python -m bench

attack: $(STAMP) ## attack the service on both databases while a supplier reads; a table of what held (docs/security.md)
	@$(BIN)/python -m tests.attack

check: $(STAMP) $(LINT) ## format, lint, types, import rules, and the contract: fresh, and by the government's rules
	@$(BIN)/ruff format --check --quiet . || { echo 'run `make format`'; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary api domain migrations/env.py clients/python clients/demo openapi bench
	@$(BIN)/lint-imports --no-cache | tail -n 3
	@$(BIN)/python openapi/write.py --check
	@$(BIN)/python clients/python/generate.py --check
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python openapi/lint/run.py

format: $(STAMP) ## format and mend what can be mended
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .

openapi: $(STAMP) ## write openapi/apos.json anew, and what of the client follows from it
	@$(BIN)/python openapi/write.py
	@$(BIN)/python clients/python/generate.py

migration: $(STAMP) ## a new migration from the tables: make migration m="what it does"
	@test -n "$(m)" || { echo 'say what it does: make migration m="what it does"'; exit 1; }
	@mkdir -p build && rm -f build/migration.sqlite
	@APOS_DATABASE_URL=sqlite:///build/migration.sqlite $(BIN)/alembic upgrade head
	@APOS_DATABASE_URL=sqlite:///build/migration.sqlite $(BIN)/alembic revision --autogenerate -m "$(m)" --rev-id \
		$$(printf '%04d' $$(( $$(ls migrations/versions/*.py | wc -l) + 1 )))
	@git ls-files --others --exclude-standard migrations/versions | xargs -r $(BIN)/ruff format --quiet

lock: $(STAMP) ## resolve the dependencies again, with hashes and without any host
	@echo 'uv' | $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-annotate - -o requirements/uv.txt
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header pyproject.toml -o requirements/runtime.txt
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --extra dev \
		-c requirements/runtime.txt pyproject.toml -o requirements/dev.txt
	@cd openapi/lint && PATH="$(CURDIR)/$(BIN):$$PATH" npm install --package-lock-only --ignore-scripts --silent
	@$(BIN)/python openapi/lint/strip.py

clean: ## remove what was built; the environment stays
	@rm -rf build .mypy_cache .ruff_cache .hypothesis
