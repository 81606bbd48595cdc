# Two commands do everything from a clean clone: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := .boot/bin/uv
STAMP := $(VENV)/.installed

.PHONY: setup demo test test-fast check lock format pictures bench clean

setup: $(STAMP)

.boot/bin/uv:
	$(PYTHON) -m venv .boot
	.boot/bin/pip install -q uv

$(STAMP): requirements/dev.txt pyproject.toml .python-version | .boot/bin/uv
	test -x $(BIN)/python || $(UV) venv -q $(VENV)
	$(UV) pip sync -q --python $(BIN)/python requirements/dev.txt
	$(UV) pip install -q --python $(BIN)/python --no-deps -e .
	touch $@

lock: | .boot/bin/uv  ## pin and hash what pyproject.toml asks for
	$(UV) pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.12 --group dev pyproject.toml -o requirements/dev.txt
	$(UV) pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.12 pyproject.toml -o requirements/regulars.txt

demo: $(STAMP)  ## the retention picture of two real shops
	$(BIN)/regulars demo

test: $(STAMP)
	$(BIN)/pytest -n auto --cov --cov-report=term

test-fast: $(STAMP)  ## while you work: no browser, nothing slow
	$(BIN)/pytest -n auto -q -m "not slow and not journey"

check: $(STAMP)  ## fastest first
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/pytest -q -p no:randomly tests/architecture docs README.md

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv .boot build dist .pytest_cache .mypy_cache .ruff_cache .coverage*
