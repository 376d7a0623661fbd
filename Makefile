# Two commands do everything: `make serve` and `make test`. Both can be repeated; the second time is quick.
.PHONY: serve test check build evaluate bench clean

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.installed
export HF_HUB_OFFLINE := 1
export TOKENIZERS_PARALLELISM := false

serve: build
	$(BIN)/recommender serve

test: check build
	$(BIN)/python -m pytest

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

build: $(READY)
	$(BIN)/recommender build

evaluate: build
	$(BIN)/recommender evaluate

bench: build
	$(BIN)/python -m recommender.evaluation.bench

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

clean:
	rm -rf .venv indexes/current indexes/*/
