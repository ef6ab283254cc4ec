# Everything that a person does here. Without make, see the README.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CONSTRAINTS := -c constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: report test test-full check notebooks docs bench lock clean help

help:            ## say what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/ -/'

report: $(VENV)/.run  ## make the reports of the invented place and say where they are
	@$(BIN)/pcn-analysis prepare --synthetic
	@$(BIN)/pcn-analysis report --place synthetic

test: $(VENV)/.test check  ## everything that guards a merge
	$(BIN)/pcn-analysis prepare --synthetic
	$(BIN)/pcn-analysis report --place synthetic --pcn U00001 --notebook 02 --notebook 03
	$(BIN)/python -m pytest -m "not slow" -n 2 --dist loadscope --no-loadscope-reorder
	$(BIN)/python -m pytest -o addopts="" -n 2 --dist loadscope --nbval --nbval-current-env --nbval-cell-timeout=300 $(wildcard notebooks/*.ipynb)

test-full: test  ## what is too slow for every day as well
	$(BIN)/python -m pytest -m slow -n 2

check: $(VENV)/.test  ## lint, types, import contracts and notebooks, in under a minute
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pcn-analysis notebooks lint

notebooks: $(VENV)/.run  ## execute the notebooks on the invented place and keep the outputs as references
	$(BIN)/pcn-analysis notebooks refresh

docs: $(VENV)/.test  ## regenerate what is generated under docs/
	$(BIN)/python -m pcn_analysis.dictionary > docs/data_dictionary.md
	$(BIN)/python -m tests.mutations > docs/mutations.md
	$(BIN)/python -m tests.hazards > docs/hazard_log.md
	$(BIN)/python -m tests.oracles > docs/statistics.md
	$(BIN)/pcn-analysis rules document

bench: $(VENV)/.test  ## ratios against the floor, in one run
	$(BIN)/python benchmarks/run.py

lock: $(VENV)/.test  ## pin every installed version in constraints.txt; what only Windows needs is kept
	grep win32 constraints.txt > .windows.txt
	$(BIN)/python -m pip freeze --exclude-editable | cat - .windows.txt > constraints.txt
	rm .windows.txt

clean:           ## remove the environment and everything made
	rm -rf $(VENV) build *.egg-info reports/[!.]* data/processed/[!.]* data/processed/.[!.g]*

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet $(CONSTRAINTS) -e .
	@touch $@

$(VENV)/.test: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet $(CONSTRAINTS) -e ".[test]"
	@touch $@ $(VENV)/.run
