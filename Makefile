# Two targets do everything on a fresh machine: `make run` and `make test`.
# Needed beforehand: a Rust toolchain, Node with npm, make and a C compiler. `make bench` also needs Python 3.11+ (venv).

CARGO ?= cargo
KAPOK := target/release/kapok

.PHONY: run build test e2e api-check lint fmt bench bench-assess bench-web bench-screen bench-pages update help

help: ## What can be made
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/'

run: build ## Build the optimised program and serve the demo city; SERVE="…" are more arguments of `kapok serve`
	$(KAPOK) serve --data target/demo $(SERVE)

build: ## Build the optimised program
	$(CARGO) build --release --locked -p kapok

test: lint ## Everything: lints, unit, property and acceptance tests, the cases of the whole catalogue
	@if $(CARGO) nextest --version >/dev/null 2>&1; then $(CARGO) nextest run --workspace --locked; else $(CARGO) test --workspace --locked; fi
	$(CARGO) run -q --locked -p kapok -- policy check catalogue
	$(CARGO) run -q --locked -p kapok -- policy fmt --check catalogue vocabulary
	$(CARGO) run -q --locked -p kapok -- policy test catalogue
	$(MAKE) e2e

e2e: ## Journeys through the pages in a real browser (Chromium); one file: e2e/run.sh tests/phone.test.mjs
	e2e/install.sh
	$(CARGO) build -q --locked -p kapok
	e2e/run.sh

api-check: ## Everything that the API's description allows, asked of the running API (schemathesis; about two minutes)
	$(CARGO) build -q --locked -p kapok
	e2e/schemathesis.sh

lint: ## Formatting and lints, with warnings as errors
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings

fmt: ## Format the code and the policies
	$(CARGO) fmt --all
	$(CARGO) run -q -p kapok -- policy fmt catalogue vocabulary

update: ## Rewrite the generated files that are kept in git (JSON Schemas)
	UPDATE=1 $(CARGO) test -q -p rules schema
	UPDATE=1 $(CARGO) test -q -p web openapi

bench: bench-assess bench-web bench-screen ## All benchmarks

bench-pages: build ## How fast the pages are on a slow phone
	e2e/install.sh
	KAPOK=$(abspath $(KAPOK)) e2e/bench.sh

bench-assess: ## One company, all open measures; and the same rules on other engines
	$(CARGO) run --release --locked -p kapok-bench

bench-web: build ## The API under load, and OpenFisca's with the same rules; WEB="--requests N" for so many requests
	$(CARGO) run --release --locked -p kapok-bench -- web --kapok $(abspath $(KAPOK)) $(WEB)

bench-screen: build ## A whole registry (10,000,000 companies), DuckDB and OpenFisca with the same rules; SCREEN="--rows 1000000" for fewer
	$(CARGO) run --release --locked -p kapok-bench -- screen --kapok $(abspath $(KAPOK)) $(SCREEN)
