# Two commands do all the set-up: `make quickstart` and `make test`. Each creates .venv and installs what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# One more than most machines have processors to spare: a worker that waits for a daemon or a clock leaves its own to the others.
WORKERS ?= 3
PYTEST := $(BIN)/pytest --numprocesses $(WORKERS) --dist loadgroup --durations 20 --processor-seconds 20
DISCOVERED ?= eoh_bin_packing_online_levels eoh_bin_packing_offline eoh_tsp_insertion eoh_tsp_kicks eoh_cvrp_savings eoh_multidimensional_knapsack eoh_graph_colouring eoh_vrptw_insertion eoh_job_shop_dispatching
SEEDS ?= 3
TABLES ?= discoveries.md
SOURCES := evoheur evoheur/problems evoheur/sandbox tests docs

# What pytest rewrites is kept: without that, each worker spends seconds on it in every run. Empty means unset.
test test-nightly test-properties test-fast: export PYTHONDONTWRITEBYTECODE :=

.PHONY: help quickstart discover test test-nightly test-properties test-fast lint format docs bench textbook-rules coverage screenshots clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "evoheur needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/installed: $(VENV)/created pyproject.toml constraints.txt
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

quickstart: $(VENV)/installed ## Discover a bin-packing heuristic offline, in one to two minutes
	$(BIN)/evoheur run quickstart

test: $(VENV)/installed-dev ## Run every test but the nightly ones
	$(PYTEST) -m 'not nightly'

test-nightly: $(VENV)/installed-dev ## Run what `make test` leaves out, and the property tests with five times the examples
	$(PYTEST) -m 'nightly or hypothesis' --hypothesis-profile thorough --timeout 1800

test-properties: $(VENV)/installed-dev ## Run the property tests with ten times the examples
	$(PYTEST) -m hypothesis --hypothesis-profile nightly --timeout 1800

test-fast: $(VENV)/installed-dev ## Run the tests that take seconds
	$(PYTEST) -m 'not slow and not nightly' --hypothesis-profile quick

lint: $(VENV)/installed-dev ## Format check, lint, import contracts, strict types
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/lint-imports
	$(BIN)/mypy

format: $(VENV)/installed-dev ## Format and fix what can be fixed
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

docs: $(VENV)/installed-dev ## Build the documentation as a site in build/docs; warnings are errors
	$(BIN)/sphinx-build --fail-on-warning --keep-going --fresh-env --quiet docs build/docs

bench: $(VENV)/installed-dev ## Run the benchmarks (not part of the tests)
	$(BIN)/pytest tests/benchmarks --override-ini addopts= --import-mode=importlib -p no:cacheprovider --benchmark-only --benchmark-columns=median,iqr,rounds --benchmark-disable-gc --benchmark-sort=name

screenshots: $(VENV)/installed-dev ## Take the pictures of docs/web-view.md again, in the system's Chromium (minutes)
	$(BIN)/python -m tests.evoheur.ui.support.screenshots docs/web-view

discover: $(VENV)/installed ## Discover offline with SEEDS=3 seeds, and table gaps by family in TABLES=discoveries.md (an hour)
	$(BIN)/evoheur discoveries $(DISCOVERED) --seeds $(SEEDS) --output $(TABLES)

textbook-rules: $(VENV)/installed ## Remake docs/textbook-rules.md from published files: DATA=folder, ONLY=sets, PROBLEMS=names (minutes)
	@test -n "$(DATA)" || { echo "Say where the published files are: make textbook-rules DATA=folder (docs/textbook-rules.md says what is in it)."; exit 1; }
	$(BIN)/python -m evoheur.gallery.published_tables "$(DATA)" docs/textbook-rules.md $(if $(ONLY),--only $(ONLY)) $(if $(PROBLEMS),--problems $(PROBLEMS))

coverage: $(VENV)/installed-dev ## Measure coverage with numba's compiler off, so that kernels are seen
	NUMBA_DISABLE_JIT=1 $(BIN)/coverage run -m pytest -m 'not slow and not nightly' --hypothesis-profile quick
	$(BIN)/coverage report --skip-covered

clean: ## Remove the virtual environment and what tools left behind
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .benchmarks .coverage htmlcov
