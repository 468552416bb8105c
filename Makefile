# Everything that one does with a clone of Doxa. `make help` lists it.
#
# Set-up goes into .venv and is done once: a stamp for each step says from which lock it was made.

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
# A virtual environment knows its own path: a tree that was moved or copied needs a new one.
STAMP := $(VENV)/.made-$(shell printf '%s' '$(CURDIR)' | cksum | cut -d ' ' -f 1)

# Python to make the environment with (3.11 or newer); the first suitable one is taken when it is not given.
PYTHON ?=
PYTHONS := python3.12 python3.13 python3.11 python3.14 python3 python
# More words for the command that a target runs: make test ARGS='-k seq', make demo ARGS=chat.jsonl
ARGS ?=
# Processes that share the tests, each with servers of its own (1.3 GB of memory): many tests wait more than they work.
JOBS ?= 2

CODE := app graph workers cypher tests
LOCKS := requirements-uv.lock requirements.lock requirements-dev.lock
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header --no-config

# Folders of this tree named like a library must not be taken for it.
export PYTHONSAFEPATH := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Behind a company's proxy only the machine's own authorities are right.
export UV_SYSTEM_CERTS := 1

.DEFAULT_GOAL := help
.PHONY: help demo test check audit format lock bench chaos clean set-up set-up-dev

help: ## show this list
	@echo 'make TARGET [ARGS=...] [PYTHON=python3.12]'
	@awk -F ':[^#]*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: set-up ## set up what is missing and show Doxa at work: engine, chat, reasoning, recall
	$(BIN)/doxa demo $(ARGS)

test: set-up-dev ## set up what is missing and run the tests
ifeq ($(strip $(ARGS)),)
	@echo 'Now what makes every start of Neo4j below take half the work, once for each version'
	$(BIN)/doxa warm
	$(PY) -m pytest --numprocesses $(JOBS) --no-loadscope-reorder -m 'not chaos'
	@echo 'Now what is killed, filled and started in any order, which must have the machine to itself'
	$(PY) -m pytest -m chaos
else
	$(PY) -m pytest $(ARGS)
endif

check: set-up-dev ## lint, formatting, types, import rules, locks
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(PY) -m pytest -q tests/packaging/test_locks.py

audit: set-up-dev ## look for unsafe code, and for known faults of what the locks name
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive app graph workers cypher
	$(PY) -m tests.packaging.audit

format: set-up-dev ## sort imports, format the code
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

bench: set-up-dev ## measure writes, reasoning, recall and what observers cost, print tables
	$(PY) -m tests.bench $(ARGS)
	$(PY) -m tests.bench.observers

chaos: set-up-dev ## kill every part again and again under a load, print what became of each message (--seed, --kills, ...)
	$(PY) -m tests.chaos $(ARGS)

clean: ## remove the environment and what tools left behind (not your data in DOXA_HOME)
	rm -rf $(VENV) dist build .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find $(CODE) -type d -name __pycache__ -prune -exec rm -rf {} +

lock: $(VENV)/.uv ## resolve the dependencies anew: LOCK_ARGS=--upgrade takes the newest, -P NAME one
	$(COMPILE) $(LOCK_ARGS) --no-annotate --group pyproject.toml:setup --output-file requirements-uv.lock
	$(PY) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' \
		| $(COMPILE) $(LOCK_ARGS) --no-annotate pyproject.toml - --output-file requirements.lock
	$(COMPILE) $(LOCK_ARGS) --no-annotate pyproject.toml --extra dev --constraints requirements.lock \
		--override tests/clients/overrides.txt \
		--output-file requirements-dev.lock

# -- set-up ---------------------------------------------------------------------------------------------------------

set-up: $(VENV)/.runtime
set-up-dev: $(VENV)/.dev

$(STAMP):
	@if $(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		&& grep -qF '$(CURDIR)/$(VENV)/' $(BIN)/pip 2>/dev/null; then touch $@; exit 0; fi; \
	chosen=; \
	for each in $(if $(PYTHON),'$(PYTHON)',$(PYTHONS)); do \
		if "$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then chosen=$$each; break; fi; \
	done; \
	if [ -z "$$chosen" ]; then \
		echo 'doxa: $(or $(PYTHON),none of $(PYTHONS)) is no Python 3.11 or newer; install one, or name it: make PYTHON=/path/to/python3' >&2; \
		exit 1; \
	fi; \
	if ! "$$chosen" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
		echo "doxa: $$chosen cannot make virtual environments; on Debian and Ubuntu: apt install python3-venv" >&2; \
		exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$chosen" --version) ($$chosen)"; \
	"$$chosen" -m venv --clear $(VENV) && touch $@

# uv installs seven times faster than pip. Where it cannot (a mirror that only pip is configured for), pip does it.
$(VENV)/.uv: requirements-uv.lock $(STAMP)
	@echo 'Installing the installer'
	@$(PY) -m pip install --quiet --only-binary :all: --require-hashes -r requirements-uv.lock \
		|| echo 'doxa: uv cannot be installed; pip, which is slower, takes its place' >&2
	@touch $@

define install
	@if ! $(BIN)/uv pip install --python $(PY) --only-binary :all: --no-deps --require-hashes -r $(1); then \
		echo 'doxa: uv could not install $(1); trying with pip' >&2; \
		$(PY) -m pip install --only-binary :all: --no-deps --require-hashes -r $(1); \
	fi
endef

$(VENV)/.runtime: requirements.lock pyproject.toml $(VENV)/.uv
	@echo 'Installing what Doxa needs (about 210 MB to fetch, 650 MB on disk)'
	$(call install,requirements.lock)
	@$(PY) -m pip install --quiet --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo 'Installing what the tests and checks need'
	$(call install,requirements-dev.lock)
	@touch $@
