# All the set-up is done by tools/set_up.py: .venv, the pinned packages, the shared libraries that Qt needs.
PYTHON ?= python3
BIN := .venv/bin
SECONDS ?= 60

.DEFAULT_GOAL := help
.PHONY: help run test soak bench gpu-check lint pictures docs bundle clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: ## set up what is missing and open the window
	@$(PYTHON) tools/set_up.py --window
	@$(BIN)/funjax

# The order is random; the first lines name its seed, and `.venv/bin/python -m pytest --randomly-seed=N` repeats it.
test: ## set up what is missing and run the tests, two at a time in random order
	@$(PYTHON) tools/set_up.py --extra test
	@$(BIN)/python -m pytest --numprocesses 2 --dist worksteal

# Tests that take a few examples of many unless FUNJAX_SEEDS is set.
LONG := tests/truth tests/gui/tours/test_controller.py tests/gui/export/test_svg_pictures.py tests/gui/formulas tests/gui/sessions tests/kernels/formulas tests/kernels/fixed_point

soak: ## run the random events, typed formulas, the fuzzers, the killer and broken posters for a minute each, or SECONDS=n, print their figures; then the referee on 40 views a map, every preset as a vector picture, the worst formulas and 400 examples of what is drawn by lot
	@$(PYTHON) tools/set_up.py --extra test
	@status=0; for program in monkey typed formulas files killer posters; do \
		$(BIN)/python tests/fuzz/$$program.py --seconds $(SECONDS) || { echo "$$program failed"; status=1; }; \
	done; \
	FUNJAX_SEEDS=40 $(BIN)/python -m pytest $(LONG) --numprocesses 2 || status=1; exit $$status

bench: ## run the benchmarks against their peers and print the table
	@$(PYTHON) tools/set_up.py --extra test --extra bench
	@$(BIN)/python -m pytest tests/benchmarks

# Needs JAX, NumPy, contourpy, pytest and hypothesis only, and installs nothing: a machine with a GPU may have no network.
gpu-check: ## check and measure the kernels on a GPU, or on the CPU as a dry run, and write build/gpu-check.md and .json
	@$$([ -x $(BIN)/python ] && echo $(BIN)/python || echo $(PYTHON)) -m kernels.gpu_check --out build

lint: ## check style, layout and types
	@$(PYTHON) tools/set_up.py --extra lint
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

pictures: ## make the README's pictures and animations with the program itself
	@$(PYTHON) tools/set_up.py --extra pictures
	@$(BIN)/python tools/pictures.py

docs: ## build the documentation as a site, build/docs, and run its notebook; a warning is an error
	@$(PYTHON) tools/set_up.py --extra docs
	@$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet docs build/docs
	@echo "build/docs/index.html"

bundle: ## make dist/funjax, a folder that needs no Python: the program with all that it uses, for this system
	@$(PYTHON) tools/set_up.py --extra bundle
	@$(BIN)/python -m PyInstaller --noconfirm --log-level WARN --workpath build/bundle tools/bundle/funjax.spec
	@du -sh dist/funjax

clean: ## remove .venv and all that was built or cached here
	rm -rf .venv build dist .benchmarks .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find funjax_gui kernels tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
