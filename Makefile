# GNU make and Python 3.11 or newer; everything else goes into .venv.
# Another Python: make PYTHON=python3.12 serve. Options of the server: make serve ARGUMENTS="--port 9000".

PYTHON ?= python3
ARGUMENTS ?=
VENV := .venv
BIN := $(VENV)/bin

# The stamps depend on pyproject.toml and setup.py. While neither changes, no command needs the network.
INSTALLED := $(VENV)/.installed
INSTALLED_FOR_TESTS := $(VENV)/.installed-for-tests

# Exact versions: a newer compiler reports new errors in old code, and a newer formatter formats it differently.
TSC := npm exec --yes --prefer-offline --package=typescript@5.9.3 -- tsc -p tests/jsconfig.json
PRETTIER := npm exec --yes --prefer-offline --package=prettier@3.6.2 -- prettier --print-width 120 static/js static/css

.PHONY: serve test test-thorough test-notebook test-cluster lint types check-python check-page compile-tests format bench bench-gpu clean

# The trap keeps the shell running until the server has stopped; 130 is the exit status after Ctrl-C.
serve: $(INSTALLED)
	@trap : INT; $(BIN)/cliffscape serve $(ARGUMENTS) || test $$? = 130

# The page is checked while the packages are installed, and Python's types while the tests are compiled, because each of
# these uses one core. The processes of the tests would each compile all tests.
test:
	@$(MAKE) --no-print-directory --jobs 2 $(INSTALLED_FOR_TESTS) check-page
	@$(MAKE) --no-print-directory --jobs 2 check-python compile-tests
	$(BIN)/python -m pytest -n 3 --dist loadscope

# Also the tests that repeat others with more entries or more seeds, which take a few minutes more.
test-thorough: $(INSTALLED_FOR_TESTS)
	$(BIN)/python -m pytest -n 3 --dist loadscope --thorough

# JupyterLab has 250 MB and ninety packages, so the other tests do without it.
test-notebook: $(INSTALLED_FOR_TESTS)
	$(BIN)/python -m pip install --no-compile --editable ".[notebook]"
	$(BIN)/python -m pytest tests/browser/notebook

# Ray has 250 MB, and its tests start processes that import PyTorch a dozen times.
test-cluster: $(INSTALLED_FOR_TESTS)
	$(BIN)/python -m pip install --no-compile --editable ".[cluster]"
	$(BIN)/python -m pytest tests/app/cluster tests/app/block_commands

lint: check-python check-page

types: check-python check-page

# The editable installation is an import hook, which mypy does not read. These links give it the import names.
check-python: $(INSTALLED_FOR_TESTS)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	@mkdir -p build/types/cliffscape
	@ln -sfn ../../../cliffscape/__init__.py build/types/cliffscape/__init__.py
	@ln -sfn ../../../app build/types/cliffscape/app
	@ln -sfn ../../../landscapes build/types/cliffscape/landscapes
	$(BIN)/mypy

check-page:
	@if command -v npm >/dev/null; then \
		echo "prettier --check static"; $(PRETTIER) --check || exit 1; \
		echo "tsc -p tests/jsconfig.json"; $(TSC); \
	else \
		echo "npm is missing: the format and the types of static are not checked"; \
	fi

compile-tests: $(INSTALLED_FOR_TESTS)
	@mkdir -p build
	@$(BIN)/python -m pytest --collect-only -qq > build/collected.txt || { cat build/collected.txt; exit 1; }

format: $(INSTALLED_FOR_TESTS)
	$(BIN)/ruff format
	@$(PRETTIER) --write

bench: $(INSTALLED_FOR_TESTS)
	@for benchmark in benchmarks/*.py benchmarks/learning/[a-z]*.py benchmarks/serving/*.py; do \
		echo "$$benchmark"; $(BIN)/python "$$benchmark" || exit 1; \
	done

# Needs a GPU; without one it says so. Where PyTorch for CUDA and the other packages are installed already:
# make bench-gpu INSTALLED_FOR_TESTS= BIN=/the/folder/of/python
bench-gpu: $(INSTALLED_FOR_TESTS)
	$(BIN)/python benchmarks/device.py

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
		"Cliffscape needs Python 3.11 or newer; name one with: make PYTHON=python3.12 serve")'
	$(PYTHON) -m venv $(VENV)
	@touch $@

# --no-compile: Python compiles a module when it is first imported. Compiling all of PyTorch here would double the time.
$(INSTALLED): pyproject.toml setup.py | $(VENV)/.created
	$(BIN)/python -m pip install --no-compile --editable .
	@touch $@

$(INSTALLED_FOR_TESTS): pyproject.toml setup.py | $(VENV)/.created
	$(BIN)/python -m pip install --no-compile --editable ".[test]"
	@touch $(INSTALLED) $@
