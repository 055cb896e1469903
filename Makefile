# Two commands do everything: `make report` and `make test`. No service, no step by hand.
# Without make (Windows): see "Without make" in README.md.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
PYTEST := $(BIN)/python -m pytest

.PHONY: report test test-slow check fix lab matrix bench picture coverage lock clean help

report: $(READY)  ## run the sample council's quarter and say where its site is
	$(BIN)/pmf run

test: $(READY)  ## the tests that a change must pass
	$(PYTEST) -m "not slow" -n 2 --dist loadgroup

test-slow: report  ## faults, browser (also on the pages that `make report` makes), published files, long properties
	PMF_SITE=outputs $(PYTEST) -m slow -n 3 --dist loadgroup

check: $(READY)  ## format, lint, types, import layers, stripped notebooks; changes nothing
	$(BIN)/ruff format --check --quiet pmf_lib tests data
	$(BIN)/ruff check --quiet pmf_lib tests data
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/nbstripout --verify --keep-metadata-keys cell.tags notebooks/*.ipynb notebooks/analysis/*.ipynb

fix: $(READY)  ## what check complains of, as far as it can be mended by itself
	$(BIN)/ruff check --fix --quiet pmf_lib tests data
	$(BIN)/ruff format --quiet pmf_lib tests data
	$(BIN)/nbstripout --keep-metadata-keys cell.tags notebooks/*.ipynb notebooks/analysis/*.ipynb

lab: $(READY)  ## open JupyterLab at the analysts' starter
	$(BIN)/jupyter lab notebooks/analysis/starter.ipynb

matrix: $(READY)  ## detection: rule × planted × found × false findings
	$(BIN)/python tests/detection/matrix.py
	$(BIN)/python tests/detection/arrangement_matrix.py

MEASURE = $(BIN)/python bench/runs.py measure --out outputs/bench.jsonl
bench: $(READY)  ## times of methods and whole runs against baselines, as ratios; writes docs/benchmarks.md
	$(BIN)/python bench/run.py --write
	$(MEASURE) --no-council --items 8
	$(MEASURE) --no-council --items 64 --who shell pool --rounds 1
	$(MEASURE) --no-council --items 64 --who ours --runs cold changed
	$(MEASURE) --items 64 --who ours --runs cold changed nothing --rounds 1
	$(MEASURE) --no-council --items 8 --records 10 100 --who ours --runs cold --rounds 1
	$(MEASURE) --no-council --items 256 --who ours --runs cold --rounds 1
	$(BIN)/python bench/runs.py table outputs/bench.jsonl --write

picture: report  ## draw README's picture anew (needs Chromium)
	$(BIN)/python docs/picture.py

coverage: $(READY)  ## which lines no test reaches
	$(PYTEST) -m "not slow" -n 2 --dist loadgroup --cov=pmf_lib --cov-report=term-missing:skip-covered

# rfc3987-syntax is optional and costs every process that imports nbformat two seconds: it stays out of the lock.
lock: $(READY)  ## lock the dependencies anew, with hashes and without the registry's name
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes --quiet \
	  --no-emit-index-url --no-header --no-annotate --excludes requirements-excluded.txt -o requirements.lock
	printf 'uv\n' | $(BIN)/uv pip compile - --universal --python-version 3.11 --generate-hashes --quiet \
	  --no-emit-index-url --no-header --no-annotate -o requirements-uv.lock

clean:  ## remove the view (never the store) and the environment
	find outputs -mindepth 1 -maxdepth 1 ! -name store ! -name .gitkeep -exec rm -rf {} +
	rm -rf .venv

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

$(READY): requirements.lock requirements-uv.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements-uv.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes --compile-bytecode -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $(READY)
