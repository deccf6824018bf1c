# Everything a newcomer runs. `make demo` and `make test` need only Python 3.11+, git and make.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

.PHONY: demo test unit lint docs bench scorecard clean lock

$(BIN)/stillwatch: requirements/dev.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(BIN)/stillwatch ## build a small world, scan it, explain what was found
	@$(BIN)/stillwatch demo

test: lint $(BIN)/stillwatch ## everything continuous integration runs
	@$(BIN)/python -m pytest -n 2

unit: $(BIN)/stillwatch ## the tests that take less than a second each, in less than a minute
	@$(BIN)/python -m pytest -n 2 -m "not e2e and not slow"

lint: $(BIN)/stillwatch
	@$(BIN)/ruff check src tests benchmarks
	@$(BIN)/ruff format --check src tests benchmarks
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/mypy

docs: $(BIN)/stillwatch ## regenerate the reference pages
	@$(BIN)/python -m tests.generate_reference

bench: $(BIN)/stillwatch ## regenerate benchmarks/results (long)
	@$(BIN)/python -m benchmarks.run $(PROMPTS)

scorecard: $(BIN)/stillwatch ## regenerate the scorecard: every detector on every world of the plan (resumes where it stopped)
	@$(BIN)/stillwatch range bench benchmarks/scorecard.toml --out benchmarks/results/scorecard

lock: ## refresh the hash-locked requirement files
	@$(BIN)/python -m pip install -q uv
	@$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 --extra dev pyproject.toml requirements/build.in -o requirements/dev.txt
	@$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 pyproject.toml -o requirements/runtime.txt

clean:
	rm -rf $(VENV) build dist
