# make study    install what is locked, run the study that ships, write its report
# make test     install the test tools too, and run every check and every test
# make check    the same checks without installing first
# make slow     the tests that take minutes
# make messages bring the catalogues of translations up to date
# make lock     versions of what is new among the requirements; make lock UPGRADE=--upgrade chooses all anew
# make clean    removes the environment
#
# Wanted: Python 3.11 or newer with venv, make and git. Another interpreter: make study PYTHON=python3.12

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
LOCALE := bpmn_tool/locale

PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCKING := $(BIN)/uv pip compile --quiet --universal --fork-strategy fewest --generate-hashes --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate --group build pyproject.toml

.PHONY: study test check slow messages lock clean
.DEFAULT_GOAL := study

study: $(STAMPS)/package
	$(BIN)/bpmn-tool study

test: $(STAMPS)/test-tools $(STAMPS)/package
	$(MAKE) --no-print-directory check

# pytest comes last but one, since people and machines read its closing line; then our own processes, by our own tool.
check:
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bpmn-tool check processes
	$(BIN)/python -m pytest

slow: $(STAMPS)/test-tools $(STAMPS)/package
	$(BIN)/python -m pytest -m slow

# Sentences in the code, into each language's .po, into the .mo that is read at run time. All three are committed but the first.
messages: $(STAMPS)/test-tools
	$(BIN)/pybabel --quiet extract --mapping-file pyproject.toml --keyword N_ --no-location --sort-output \
		--project bpmn-tool --output-file $(STAMPS)/bpmn_tool.pot .
	$(BIN)/pybabel --quiet update --domain bpmn_tool --input-file $(STAMPS)/bpmn_tool.pot --output-dir $(LOCALE) \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap
	$(BIN)/pybabel --quiet compile --domain bpmn_tool --directory $(LOCALE)

lock: $(STAMPS)/uv
	$(LOCKING) $(UPGRADE) --output-file requirements.lock
	$(LOCKING) $(UPGRADE) --extra test --constraints requirements.lock --output-file requirements-test.lock

clean:
	rm -rf $(VENV)

# --- The environment. Each stamp is newer than what it was made from, so that nothing is done twice.

$(STAMPS)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "bpmn-tool needs Python 3.11 or newer; try: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || \
		{ echo "This Python cannot make environments; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/run-time: requirements.lock | $(STAMPS)/venv
	$(PIP) install --require-hashes -r requirements.lock
	@touch $@

$(STAMPS)/test-tools: requirements-test.lock | $(STAMPS)/run-time
	$(PIP) install --require-hashes -r requirements-test.lock
	@touch $@

$(STAMPS)/package: pyproject.toml hatch_build.py $(STAMPS)/run-time
	$(PIP) install --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(STAMPS)/uv: | $(STAMPS)/venv
	$(PIP) install uv
	@touch $@
