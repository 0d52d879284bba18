# Every target sets up what it needs: a virtual environment in .venv with the locked, hash-checked dependencies and this
# checkout in it. Needs python3 (3.11 or newer) with venv and pip; the network only the first time.

PYTHON ?= python3
WORKERS ?= 2
SECONDS ?= 60
SEED ?= 1
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq --no-input
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links

# Root is a fine user for a virtual environment of its own; pip need not say otherwise.
export PIP_ROOT_USER_ACTION := ignore

.DEFAULT_GOAL := help
.PHONY: help demo test check format prove torture fuzz page anything bench lock clean

help: ## Say what can be made
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 12

demo: .venv/.ready ## Watch a real privacy policy being obeyed
	@$(BIN)/wordkept demo

test: .venv/.ready ## Run every test (WORKERS=2)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope -m "not torture"

check: .venv/.ready ## Lint, types, imports, house rules, documentation
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q -p no:cacheprovider tests/unit/test_house.py tests/unit/test_docs_current.py

format: .venv/.ready ## Lay the code out as the formatter wants it
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix

prove: .venv/.ready ## Silence each promise, then delete each thing, and see what would miss it (minutes)
	@for policy in policies/*/; do echo "$$policy"; \
		$(BIN)/wordkept prove "$$policy" && $(BIN)/wordkept prove --mutate "$$policy" || exit 1; done

torture: .venv/.ready ## Kill -9 at 200 seeded points
	@$(BIN)/python -m pytest -m torture tests

fuzz: .venv/.ready ## Noise into the parsers, then many more examples of every property (SEED=1 SECONDS=60)
	@for fuzzer in tests/fuzz/*.py; do \
		test -e "$$fuzzer" || continue; \
		echo "$$fuzzer"; $(BIN)/python "$$fuzzer" --seed $(SEED) --seconds $(SECONDS) || exit 1; \
	done
	@$(BIN)/python -m pytest -n $(WORKERS) --hypothesis-profile=search --hypothesis-seed=$(SEED) tests/properties

page: .venv/.page ## Look at the public page with axe in Chromium, and take its pictures
	@$(BIN)/python tests/page/look.py --pictures docs/pictures

anything: .venv/.anything ## Ask the API whatever its description allows, and what it does not (minutes)
	@$(BIN)/python tests/web/ask_anything.py .venv/anything/bin/schemathesis --seed $(SEED)

bench: .venv/.ready ## Measure, and write bench/results/
	@$(BIN)/python bench/run.py

lock: ## Write requirements/*.txt anew (needs uv and the network)
	@$(LOCK) --upgrade pyproject.toml -o requirements/run.txt
	@$(LOCK) --upgrade --extra web -c requirements/run.txt pyproject.toml -o requirements/web.txt
	@$(LOCK) --upgrade --extra web -c requirements/web.txt pyproject.toml requirements/dev.in -o requirements/dev.txt
	@$(LOCK) --upgrade -c requirements/dev.txt requirements/page.in -o requirements/page.txt
	@$(LOCK) --upgrade -c requirements/dev.txt requirements/anything.in -o requirements/anything.txt
	@! grep -nE 'https?:' requirements/*.txt

clean: ## Remove what was made, the environment too
	@rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.ready: pyproject.toml requirements/run.txt requirements/dev.txt hatch_build.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "make: Python 3.11 or newer is needed, \
	this is %d.%d; name another with make PYTHON=…" % sys.version_info[:2])'
	@echo "Setting up .venv (once) ..."
	@$(PYTHON) -m venv .venv
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/.page: .venv/.ready requirements/page.txt
	@$(PIP) install --require-hashes -r requirements/page.txt
	@touch $@

# A virtual environment of its own: it brings a plugin for pytest that the other tests do without.
.venv/.anything: .venv/.ready requirements/anything.txt
	@$(PYTHON) -m venv .venv/anything
	@.venv/anything/bin/python -m pip --disable-pip-version-check -qq --no-input install --require-hashes \
		-r requirements/anything.txt
	@touch $@
