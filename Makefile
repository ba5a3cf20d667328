# The only door: CI calls `make test` and `make lint`, people call whichever they need (`make help`).
# Needs GNU make (3.81 or newer) and Python 3.11 or newer with venv; it brings everything else by itself.

PYTHON ?= python3.11 python3.12 python3.13 python3.14 python3 python
BIN    := .venv/bin
CHART  := src/plainbill/app/static/vendor/chart.umd.js
LOCKS  := requirements.txt requirements/installer.txt requirements/node.txt
TESTS  ?= tests
LONG   := crash peers naive_scan launched fault_matrix fault_mutants
BENCH  ?= $(sort $(filter-out $(LONG:%=bench/%.py),$(wildcard bench/*.py)))

ifneq ($(strip $(PORT)),)
export PLAINBILL_PORT := $(PORT)
endif

# A suite that starts a hundred processes is not to compile everything in each of them.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo run test lint format bench bench-idle bench-crash bench-peers bench-faults bench-forecast bench-anomaly docs new-check lock setup clean help
.DEFAULT_GOAL := help

demo: setup ## a believable company's costs in your browser; no AWS account needed (PORT=8585; WITH=gaps|stale|empty|huge|new)
	$(BIN)/plainbill demo $(if $(WITH),--with "$(WITH)")

run: setup ## your own AWS costs, with the credentials of your environment or .env (PORT=8585)
	$(BIN)/plainbill serve

test: setup ## the whole suite (TESTS=tests/model for a part; NO_BROWSER=1 without the browser)
	$(BIN)/python -m pytest -n 2 --dist loadfile $(if $(NO_BROWSER),--no-browser) $(TESTS)

lint: setup ## style, types, import contracts, generated documents in step
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python tools/documents.py --check

format: setup ## let ruff lay out the code
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: setup ## the published figures, one after another (BENCH=bench/page.py for one of them)
	@failed=0; for bench in $(BENCH); do echo "== $$bench"; \
	    PYTHONPATH=.:tests $(BIN)/python "$$bench" || failed=1; done; exit $$failed

bench-idle: setup ## how accurate "idle" is, on a public trace; writes docs/idle-accuracy.md
	PYTHONPATH=.:tests $(BIN)/python bench/idle.py

bench-crash: setup ## kills, errors and full disks by the thousand (KILLS=10000 ERRORS=10000 DISKS=200 COMMANDS=200)
	PYTHONPATH=.:tests $(BIN)/python bench/crash.py --kills $(or $(KILLS),10000) --errors $(or $(ERRORS),10000) \
	    --full-disks $(or $(DISKS),200) --power-cuts $(or $(POWER),2000) --commands $(or $(COMMANDS),200)

bench-peers: setup ## the same question to Plainbill and its peers (PEERS="--instances 1000"); installs them
	PYTHONPATH=.:tests $(BIN)/python bench/peers.py $(PEERS)

bench-faults: setup ## every fault on every call of every source (FAULTS=s3_buckets for a part), and mutants
	PYTHONPATH=.:tests $(BIN)/python bench/fault_matrix.py $(FAULTS)
	PYTHONPATH=.:tests $(BIN)/python bench/fault_mutants.py

bench-forecast: setup ## how near forecasts are, and what their intervals hold, beside the plain ways
	PYTHONPATH=.:tests $(BIN)/python bench/forecast.py

bench-anomaly: setup ## how many anomalies are found and how many alarms are false, beside plain rules
	PYTHONPATH=.:tests $(BIN)/python bench/anomaly.py

docs: setup ## write the generated documents anew
	$(BIN)/python tools/documents.py

new-check: setup ## the beginning of a waste check and its test (ID=ebs_volume_forgotten)
	@$(BIN)/python tools/new_check.py "$(ID)" "$(KIND)"

lock: setup ## pin and hash the dependencies anew, from pyproject.toml and package.json
	$(BIN)/python tools/lock.py

clean: ## remove what the other targets made (nothing of yours)
	rm -rf .venv .cache build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf src/plainbill/app/static/vendor

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

setup: .venv/ready ## the virtual environment, made or brought up to date by the targets above

# Done again when what it was made from has changed, and when the vendor file is gone.
.venv/ready: pyproject.toml $(LOCKS) package-lock.json hatch_build.py $(CHART)
	@PYTHON="$(PYTHON)" sh tools/setup.sh
	@touch $@

$(CHART): ;
