# "make" alone says what there is.
.DEFAULT_GOAL := help
.PHONY: help run world demo test lint types check clean

VENV ?= .venv
PORT ?= 8000
BIN = $(VENV)/bin
# The demonstration keeps to itself: it reads no .env and has a database of its own.
DEMO_ENV = DEMO=1 ENV_FILE=/dev/null
DEMO_MANAGE = $(DEMO_ENV) $(BIN)/python manage.py

help: ## say what there is
	@echo "make run [PORT=8000]   build, load the story and serve it on this machine"
	@echo "make world             load the world's sister cities besides (a minute or so)"
	@echo "make test [ARGS=...]   run the tests (ARGS goes to pytest)"
	@echo "make lint              check style: Python and templates"
	@echo "make types             check types"
	@echo "make check             lint, types, system checks, migrations"
	@echo "make clean             remove what was built; the records in var/ stay"

run: $(VENV)/installed
	@PORT=$(PORT) $(BIN)/python -m twinning.demo
	@$(MAKE) --no-print-directory demo
	@$(DEMO_ENV) PORT=$(PORT) exec $(BIN)/gunicorn --config python:twinning.demo twinning.wsgi

# What it adds is seen when it is whole; while it writes, SQLite lets nobody else write.
world: $(VENV)/installed
	@$(MAKE) --no-print-directory demo
	@$(DEMO_MANAGE) load_world --skip-checks
	@echo "make run shows it."

demo:
	@echo "Preparing the database ..."
	@$(DEMO_MANAGE) migrate --verbosity 0
	@$(DEMO_MANAGE) make_roles --skip-checks --verbosity 0
	@$(DEMO_MANAGE) load_fixtures --skip-checks
	@$(DEMO_MANAGE) demo_accounts --skip-checks --verbosity 0

# Who has run out of tests takes over some: those in a browser are long, and stand together.
test: $(VENV)/installed-dev
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 8 --dist worksteal $(ARGS)

lint: $(VENV)/installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/djlint --lint --quiet templates

types: $(VENV)/installed-dev
	@DEBUG=1 ENV_FILE=/dev/null $(BIN)/mypy

check: lint types
	@$(DEMO_MANAGE) check
	@$(DEMO_MANAGE) makemigrations --check --skip-checks

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage htmlcov
	rm -rf var/static var/test* test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The files below stand for installs: make does nothing while they are younger than the lists.
$(VENV)/installed: requirements.txt $(BIN)/python
	@echo "Installing what the register runs on ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt requirements.txt $(BIN)/python
	@echo "Installing what the tests need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/installed

# A name may be on the path and still not run, so each is tried. PYTHON=... chooses another.
$(BIN)/python:
	@found=; for name in $(PYTHON) python3.13 python3.12 python3.11 python3 python; do \
	  if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    found=$$name; break; fi; done; \
	if [ -z "$$found" ]; then \
	  echo "Python 3.11 or newer is needed and was not found: https://www.python.org/downloads/"; \
	  echo "Or say where it is: make run PYTHON=/path/to/python3"; exit 1; fi; \
	if ! "$$found" -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "$$found lacks its venv module. On Debian and Ubuntu: sudo apt install python3-venv"; \
	  exit 1; fi; \
	echo "Making $(VENV) with $$("$$found" --version) ..."; \
	"$$found" -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }
