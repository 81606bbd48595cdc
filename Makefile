# Two commands do everything from a clean clone: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := .boot/bin/uv
ENGINES := .venv-engines
PLATFORM := tests/apps tests/interfaces/api tests/interfaces/console tests/interfaces/pages tests/interfaces/providers tests/interfaces/test_requests.py tests/interfaces/test_metrics.py
# what is long starts processes of its own, or reads the same histories again and again
LONG := tests/faults tests/journeys tests/project tests/engines tests/architecture/test_console_blocks.py \
	$(wildcard tests/studies/test_refresh*.py)
# random histories: few with every change, more with the long tests, very many in the soak
HISTORIES := tests/interfaces/api/test_described.py tests/apps/contact/test_fates.py tests/apps/contact/test_ledger.py tests/apps/intake/test_bodies.py \
	tests/apps/test_importing.py tests/apps/test_merges.py tests/apps/test_seen_customers.py
# whoever is done takes tests from the other: with shares dealt out before, one core waits for the other
SHARED := -n auto --dist worksteal
STAMP := $(VENV)/.installed
LOCK := $(UV) pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.12

.DEFAULT_GOAL := help
.PHONY: help setup demo picture test test-long coverage test-fast test-engines test-peers soak lint check format reference bench lock clean

help:  ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 14

setup: $(STAMP)  ## install everything into .venv and nothing else

.boot/bin/uv:
	$(PYTHON) -m venv .boot
	.boot/bin/pip install -q --disable-pip-version-check uv

$(STAMP): requirements/dev.txt pyproject.toml .python-version | .boot/bin/uv
	test -x $(BIN)/python || $(UV) venv -q $(VENV)
	$(UV) pip sync -q --compile-bytecode --python $(BIN)/python requirements/dev.txt
	$(UV) pip install -q --python $(BIN)/python --no-deps -e .
	touch $@

demo: $(STAMP)  ## the platform with a demo company: a real grocer's orders, invented people
	$(BIN)/regulars up --demo --data out/demo $(UP)

picture: $(STAMP)  ## the retention picture of two real shops, in out/
	$(BIN)/regulars demo

test: $(STAMP)  ## every test but the long ones, on all cores; the platform's on PostgreSQL too
	$(BIN)/pytest $(SHARED) $(addprefix --ignore=,$(LONG)) $(COVER)
	REGULARS_TEST_DATABASE=postgresql $(BIN)/pytest $(SHARED) -q $(PLATFORM)

test-long: $(STAMP)  ## real processes, a real browser, kills and outages, the pages of docs as sessions
	$(BIN)/pytest $(SHARED) $(LONG) $(COVER)
	REGULARS_SOAK=4 $(BIN)/pytest $(SHARED) -q $(HISTORIES)
	REGULARS_SOAK=4 REGULARS_TEST_DATABASE=postgresql $(BIN)/pytest $(SHARED) -q $(HISTORIES)

coverage: $(STAMP)  ## both, and which lines no test has run
	$(MAKE) test COVER="--cov --cov-report= --cov-fail-under=0"
	$(MAKE) test-long COVER="--cov --cov-append --cov-report=term"

test-fast: $(STAMP)  ## while you work: no browser, nothing slow
	$(BIN)/pytest -n auto -q -m "not slow and not journey"

test-engines: $(ENGINES)/.installed  ## equal answers on PostgreSQL, ClickHouse and Spark; none may be missing
	REGULARS_ENGINES=required $(ENGINES)/bin/pytest -q --durations=10 \
		-o faulthandler_timeout=300 -o faulthandler_exit_on_timeout=true tests/engines

$(ENGINES)/.installed: requirements/engines.txt pyproject.toml .python-version | .boot/bin/uv
	test -x $(ENGINES)/bin/python || $(UV) venv -q $(ENGINES)
	$(UV) pip sync -q --python $(ENGINES)/bin/python requirements/engines.txt
	$(UV) pip install -q --python $(ENGINES)/bin/python --no-deps -e .
	touch $@

soak: $(STAMP)  ## random histories through the store, 100,000 messages and many kills; for a night
	REGULARS_SOAK_PEOPLE=100000 $(BIN)/pytest -q --timeout=0 tests/faults/test_many_recipients.py
	REGULARS_SOAK=60 $(BIN)/pytest -n auto -q --timeout=0 tests/studies/test_refresh.py -k "any_kind or order_lines"
	REGULARS_SOAK=60 $(BIN)/pytest $(SHARED) -q --timeout=0 $(HISTORIES)
	REGULARS_SOAK=60 REGULARS_TEST_DATABASE=postgresql $(BIN)/pytest $(SHARED) -q --timeout=0 $(HISTORIES)

test-peers: .venv-bench/.installed  ## the same figures as pymc-marketing at the same parameters
	.venv-bench/bin/pytest -q tests/peers

lint: $(STAMP)  ## format, rules, walls, the house's own rules, types: fastest first
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/pytest -q -p no:randomly tests/architecture -m "not slow and not journey"
	$(BIN)/mypy

check: lint test test-long  ## all of it, fastest first

format: $(STAMP)  ## mend what can be mended by a machine
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

reference: $(STAMP)  ## write docs/reference anew from the docstrings and the commands
	$(BIN)/python docs/reference/generate.py

bench: .venv-bench/.installed  ## measure the speed against others, into benchmarks/RESULTS.md
	.venv-bench/bin/python benchmarks/results.py

.venv-bench/.installed: requirements/bench.txt pyproject.toml .python-version | .boot/bin/uv
	test -x .venv-bench/bin/python || $(UV) venv -q .venv-bench
	$(UV) pip sync -q --compile-bytecode --python .venv-bench/bin/python requirements/bench.txt
	$(UV) pip install -q --python .venv-bench/bin/python --no-deps -e .
	touch $@

lock: | .boot/bin/uv  ## pin and hash what pyproject.toml asks for
	$(LOCK) --extra platform --group dev pyproject.toml -o requirements/dev.txt
	$(LOCK) --extra platform --group engines -c requirements/dev.txt pyproject.toml -o requirements/engines.txt
	$(LOCK) pyproject.toml -o requirements/regulars.txt
	$(LOCK) --extra platform --group bench pyproject.toml -o requirements/bench.txt

clean:  ## remove everything that can be made again
	rm -rf .venv .venv-bench .venv-engines .boot build dist out .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage*
