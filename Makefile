# Each target does all its own set-up: `make ask`, `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PIP_VERSION := 26.3
export Q ?= Rob 怎么看 GPU 折旧?

.PHONY: ask ui test quick lint bench constraints clean

ask: $(VENV)/installed ## answer a question: make ask Q="…"
	@$(BIN)/debate ask -- "$$Q"

ui: $(VENV)/installed ## the chat in your browser
	@$(BIN)/debate ui

test: $(VENV)/installed-dev lint ## lint, types, all tests, and the evaluation's floors
	@$(BIN)/python -m evals gate
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

quick: $(VENV)/installed-dev ## the words and the readers, in seconds
	@$(BIN)/ruff check .
	@$(BIN)/python -m pytest -n 2 -m "not slow" corpus

lint: $(VENV)/installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: $(VENV)/installed ## start-up and answering times, as a table
	@$(BIN)/python -m evals bench

constraints: $(VENV)/installed-dev ## write down the versions in use
	@{ sed -n 1p constraints.txt; $(PIP) freeze --exclude-editable | sed 's/+cpu//'; } > constraints.new && mv constraints.new constraints.txt

clean: ## forget the environment
	rm -rf $(VENV)

# Byte-compiling two gigabytes costs more than it saves; what is imported is compiled on first use.
$(VENV)/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; call make with PYTHON=/path/to/it.")'
	@echo "Setting up $(VENV) (once; a minute or two, about 2 GB) …" >&2
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --quiet pip==$(PIP_VERSION)
	@$(PIP) install --quiet --no-compile --constraint constraints.txt --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	@$(PIP) install --quiet --no-compile --constraint constraints.txt --editable '.[dev]'
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get -qq update && \
		DEBIAN_FRONTEND=noninteractive apt-get -qq install -y chromium fonts-noto-cjk >/dev/null; } || \
		echo "There is no chromium here: the browser tests will be skipped (Debian: apt install chromium fonts-noto-cjk)." >&2
	@touch $@
