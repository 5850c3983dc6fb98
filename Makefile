# The two commands of the README are `make run` and `make test`; `make check` is the fast half of the latter.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell command -v python3.11 || command -v python3)
DATA ?= ../shared

.PHONY: run test check bench clean lock

run: $(VENV)/run.stamp
	@if [ -t 0 ] && [ -t 1 ] && [ -n "$$DISPLAY" ]; then \
		exec $(BIN)/dayreel; \
	else \
		echo "No terminal with a screen here: showing a short recorded day instead."; \
		exec $(BIN)/dayreel demo; \
	fi

# Journeys, crash tests and all.  Three files at a time on two cores: journeys wait more than they work.
test: $(VENV)/test.stamp check
	$(BIN)/pytest -q -n 3 --dist loadfile tests

check: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The figures of docs/benchmarks.md; DATA names a folder with screens/, chats/ and desktop/.
bench: $(VENV)/test.stamp
	$(BIN)/python bench/reading.py --data $(DATA)/screens
	$(BIN)/python bench/retrieval.py --data $(DATA)/chats
	$(BIN)/python bench/played_day.py --data $(DATA)/desktop
	$(BIN)/python bench/played_day.py --data $(DATA)/desktop --scenes bench/scenes/zh.json
	$(BIN)/python bench/crash.py
	$(BIN)/python bench/recording.py --data $(DATA)/screens/sequences
	$(BIN)/python bench/watching.py
	$(BIN)/python bench/power_cut.py
	$(BIN)/python bench/long_day.py
	$(BIN)/python bench/legibility.py --data $(DATA)/screens
	$(BIN)/python bench/seek.py --data $(DATA)/screens/sequences
	$(BIN)/python bench/formats.py --data $(DATA)/desktop --scenes $(DATA)/desktop/realpace.json
	$(BIN)/python bench/presence.py
	$(BIN)/python bench/sealing.py --data $(DATA)/screens/sequences
	$(BIN)/python bench/video_import.py --data $(DATA)/screens/sequences
	$(BIN)/python bench/incremental.py --data $(DATA)/screens --rounds 6
	$(BIN)/python bench/secret_kinds.py
	$(BIN)/python bench/redaction.py
	$(BIN)/python bench/forget.py
	$(BIN)/python bench/encryption.py --data $(DATA)/screens/sequences

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# Pins every dependency with its hashes; names no package host and no torch.
lock: $(VENV)/test.stamp
	$(BIN)/pip-compile -q --build-deps-for editable --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links \
		--no-emit-trusted-host --no-emit-options --no-header -o requirements.lock pyproject.toml
	$(BIN)/pip-compile -q --extra dev --build-deps-for editable --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url \
		--no-emit-find-links --no-emit-trusted-host --no-emit-options --no-header -o requirements-dev.lock pyproject.toml

$(VENV)/run.stamp: requirements.lock pyproject.toml .ci/system-packages
	sh .ci/system-packages run
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/test.stamp: requirements-dev.lock requirements-llama.lock pyproject.toml .ci/system-packages
	sh .ci/system-packages test
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install -q --require-hashes --no-deps -r requirements-llama.lock
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	touch $@ $(VENV)/run.stamp
