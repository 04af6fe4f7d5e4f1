# make demo    a bank of models and a shop with their reports, in the embedded PostgreSQL
# make test    lint and the tests on the embedded PostgreSQL 18; on Debian's 15 those that a server can answer differently
# make test-whole    the same with the files that take minutes each (marker `long`), and everything on 15: before a release
# make check   lint, and the tests of the files changed since main, on PostgreSQL 18: about two minutes
# make lint    the checks alone
# make bench   measurements, printed as ratios
# make clean   what these targets left in the checkout; databases stay

VENV ?= .venv
PYTHON ?= python3
# Each worker has a server of its own.
JOBS ?= 2
PYTEST ?= $(VENV)/bin/python -m pytest --numprocesses $(JOBS) --dist loadfile --no-loadscope-reorder --quiet
SQL = migrations functions views
# the soak, the fault rounds and the readers of a held table take many minutes each and are run by name
BENCHES = $(filter-out %/common.py %_site.py %_native.py %_writers.py %_soak.py %_faults.py %_project.py %/deploy_readers.py,$(wildcard scripts/bench/*.py))

# What depends on the version of the server: SQL of all kinds, the catalogue, locks, extensions of Debian's build.
ON_15 = tests/engine tests/functions tests/migrations tests/repo tests/views $(addprefix tests/session/test_,cases.py extensions.py \
    jit.py limits.py poolers.py) $(addprefix tests/runner/test_,drift.py drift_rare.py locks.py plan.py rollback.py)

export VENV PYTHON

.PHONY: help demo check test test-18 test-15 test-whole lint bench clean

help:
	@sed -n '1,7s/^# //p' Makefile

# The package alone, and with everything for development.
$(VENV)/.package: pyproject.toml
	scripts/setup.sh venv
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml
	scripts/setup.sh venv
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.package

demo: $(VENV)/.package
	$(VENV)/bin/tidemark demo

check: $(VENV)/.dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/tidemark lint --quiet
	TIDEMARK_TEST_PG=18 $(PYTEST) $$($(VENV)/bin/python scripts/changed_tests.py)

test: lint
	scripts/setup.sh postgres
	$(MAKE) test-18 test-15

test-whole: lint
	scripts/setup.sh postgres
	$(MAKE) test-18 test-15 WHOLE=1

test-18: $(VENV)/.dev
	TIDEMARK_TEST_PG=18 $(PYTEST) $(if $(WHOLE),,-m "not long")

test-15: $(VENV)/.dev
	@if [ -x /usr/lib/postgresql/15/bin/postgres ]; then \
	    TIDEMARK_TEST_PG=15 $(PYTEST) $(if $(WHOLE),-m "not once",-m "not once and not long" $(ON_15)); \
	else \
	    echo "skipped: the tests on PostgreSQL 15 (apt-get install postgresql-15 postgresql-15-pgtap postgresql-15-plpgsql-check)"; \
	fi

lint: $(VENV)/.dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/tidemark lint --quiet
	$(VENV)/bin/sqlfluff lint --config sqlfluff.cfg --processes 2 --disable-progress-bar $(SQL)

bench: $(VENV)/.package
	@for script in $(BENCHES); do echo "== $$script"; $(VENV)/bin/python "$$script" || exit $$?; done

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
