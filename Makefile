# Everything a person does with this repository. `make` alone says what there is.

# What an environment is made with: the first of these that will do, or the one that PYTHON names.
PYTHONS := $(if $(PYTHON),"$(PYTHON)",python3.11 python3.12 python3.13 python3.14 python3 python)
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
EXAMPLE ?= dramatiq
# As it was typed: make would read "$500" as the variable $5 and "00".
override GOAL := $(value GOAL)
export GOAL

.DEFAULT_GOAL := help
TARGETS := help goal demo daemon example postgresql test check coverage format lint types arrows bench chaos live clean
.PHONY: $(TARGETS) FORCE

# Words behind a value without its quotes are targets to make, which looks for them when the others are done and paid for.
STRAY := $(filter-out $(TARGETS) $(VENV)/% .DEFAULT,$(MAKECMDGOALS))
STRAY := $(or $(STRAY),$(if $(filter goal demo,$(MAKECMDGOALS)),$(wordlist 2,99,$(MAKECMDGOALS))))
# A word with "=" in it, as in "price=5", makes a variable, which nothing here reads.
NAMED := $(foreach name,$(.VARIABLES),$(if $(filter command,$(firstword $(origin $(name)))),$(name)))
STRAY := $(or $(STRAY),$(if $(filter goal demo,$(MAKECMDGOALS)),$(filter-out ARGS EXAMPLE PYTHON VENV SHELL,$(NAMED))))
ifdef STRAY
$(error Nothing was run, for it is not clear what "$(STRAY)" belongs to: \
	put quotes around a value of several words, as in make goal GOAL='Increase signup conversion')
endif

help: ## Say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1|/' | awk -F'|' '{printf "make %-10s %s\n", $$1, $$2}'

# What running needs, and what developing needs besides. Pins come from constraints.txt.
# Looked at each time: that it was set up once says nothing of a Python that was updated away, or of a folder that was moved.
$(VENV)/.run: FORCE
	@sh environment.sh "$(VENV)" $(PYTHONS)
	@test -e $@ && test -z "$$(find pyproject.toml constraints.txt -newer $@)" || { echo "Setting up $(VENV) (once)" >&2 \
		&& $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e . && touch $@; }

$(VENV)/.dev: $(VENV)/.run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,postgresql]'
	@touch $@

# Programs take the place of the shell that starts them, so that a signal to make reaches them.
goal: $(VENV)/.run ## Run a goal: make goal GOAL='Increase signup conversion by 20%' [ARGS='--budget 5']
	@exec $(BIN)/python -m director goal $(ARGS) -- "$$GOAL"

demo: $(VENV)/.run ## Run a goal for an example, the Dramatiq library: make demo [EXAMPLE=brindle-street-cycles]
	$(if $(wildcard examples/$(EXAMPLE)/goal.txt),,$(error There is no example "$(EXAMPLE)"; there are: $(notdir $(wildcard examples/*))))
	@exec $(BIN)/python -m director goal --context examples/$(EXAMPLE)/product-marketing-context.md $(ARGS) \
		-- "$$(cat examples/$(EXAMPLE)/goal.txt)"

daemon: $(VENV)/.run ## Start the team and keep it up: workers, clock, web app; Ctrl-C stops it
	@exec $(BIN)/python -m director up

example: ## See what came of a goal for an example, without installing anything: make example [EXAMPLE=brindle-street-cycles]
	$(if $(wildcard examples/$(EXAMPLE)/played/README.md),,$(error There is nothing played for "$(EXAMPLE)"; there is for: $(patsubst examples/%/played/README.md,%,$(wildcard examples/*/played/README.md))))
	@cd examples/$(EXAMPLE)/played && cat README.md reports/g1.md && printf '\nThe pieces, in %s:\n' "$$PWD/outputs/g1" && ls outputs/g1

postgresql: $(VENV)/.run ## Install the driver that a DATABASE_URL of PostgreSQL needs
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[postgresql]'

# The tests start the program hundreds of times; where bytecode may not be kept, each start compiles all of it anew.
test: $(VENV)/.dev ## Run the tests
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

check: format lint types arrows ## The one gate: format, lint, types, import contracts, tests
	@$(MAKE) --no-print-directory test ARGS="-q $(ARGS)"

# Not in the gate: on Python 3.11 the tests take half as long again with it.
coverage: $(VENV)/.dev ## Run the tests with branch coverage; it has to be 90 % at least
	@$(MAKE) --no-print-directory test ARGS="-q --cov --cov-report=term:skip-covered --cov-fail-under=90 $(ARGS)"

format: $(VENV)/.dev
	@$(BIN)/ruff format --check --quiet . || (echo "Run: $(BIN)/ruff format ."; exit 1)

lint: $(VENV)/.dev
	@$(BIN)/ruff check --quiet .

types: $(VENV)/.dev
	@$(BIN)/mypy

arrows: $(VENV)/.dev
	@$(BIN)/lint-imports --no-logo

bench: $(VENV)/.dev ## Measure, side by side; decides nothing
	@$(BIN)/python -m tests.bench.goal
	@$(BIN)/python -m tests.bench.hop
	@$(BIN)/python -m tests.bench.mailbox
	@$(BIN)/python -m tests.bench.load
	@$(BIN)/python -m tests.bench.webhooks
	@$(BIN)/python -m tests.bench.doctor
	@$(BIN)/python -m tests.bench.forecast
	@$(BIN)/python -m tests.bench.why
	@$(BIN)/python -m tests.bench.metrics
	@$(BIN)/python -m tests.bench.cache
	@$(BIN)/python -m tests.bench.today

chaos: $(VENV)/.dev ## Pull every plug, look what is lost (an hour): make chaos [ARGS="--only kills --scale 0.1"]
	@$(BIN)/python -m tests.chaos $(ARGS)

live: $(VENV)/.dev ## One goal on the cheapest model of the real API; needs a key, asks first
	@$(BIN)/python -m tests.live

clean: ## Take away what was set up; the workspace stays
	rm -rf $(VENV) *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*
