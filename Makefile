# The same commands by hand and in CI. `make` alone lists them.

PYTHON ?= python3
PORT ?=

help:  ## this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /	/' | expand -t 14

serve: .venv/serve  ## 打开网页提问 (the chat on http://127.0.0.1:7860; PORT=… for another port)
	.venv/bin/youju serve $(if $(PORT),--port $(PORT))

test: .venv/test  ## run all tests (those of the page need Debian's chromium and fonts-noto-cjk, those of Word reports libreoffice-writer-nogui)
	.venv/bin/python -m pytest

wheel: .venv/test  ## build dist/youju-*.whl
	.venv/bin/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

docs: .venv/test  ## write the command reference of README.md and take docs/*.png anew (those of reports need Debian's libreoffice-writer-nogui)
	.venv/bin/python docs/commands.py
	.venv/bin/python docs/screenshot.py
	.venv/bin/python docs/report.py
	.venv/bin/python docs/proof.py

model: .venv/test  ## make data/model and data/question anew from public corpora (CORPORA=folder)
	.venv/bin/python -m pip install --quiet --constraint constraints.txt --requirement training/requirements.txt
	.venv/bin/python -m training $(CORPORA)
	.venv/bin/python -m training.question $(CORPORA)

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/serve: .venv/bin/python pyproject.toml constraints.txt
	.venv/bin/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

.venv/test: .venv/serve
	.venv/bin/python -m pip install --quiet --constraint constraints.txt --editable '.[test]'
	@touch $@

.PHONY: help serve test wheel docs model
