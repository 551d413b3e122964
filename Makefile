# What can be done here. `make` alone lists it.
.DEFAULT_GOAL := help
.PHONY: help run demo test secret lint format lock translations texts publish policy rules limits asvs bench abuse

BIN := .venv/bin
PYTHON_IN := $(BIN)/python
# Some shells switch kept byte code off; then every program that is started compiles all of Fernleaf again.
export PYTHONDONTWRITEBYTECODE :=
DEMO := DATABASE_URL=sqlite:///instance/demo.db KEY_PROVIDER= KEY_FILE= FERNLEAF_ENV= AUDIT_SINKS=none
LOCK := uv pip compile --quiet --universal --python-version 3.11 --no-header --generate-hashes --upgrade
BABEL := $(PYTHON_IN) -m babel.messages.frontend -q
POT := intake/translations/messages.pot

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' Makefile

run: ## Serve the clinic on this machine (http://127.0.0.1:8000)
	@./bootstrap.sh run
	@$(PYTHON_IN) -m intake.cli.secret
	@$(BIN)/flask serve

demo: ## Set up a fictional clinic and walk through the main work
	@./bootstrap.sh run
	@$(DEMO) $(PYTHON_IN) -m intake.cli.secret --demo
	@$(DEMO) $(BIN)/flask demo

test: ## Pass the tests, on SQLite and PostgreSQL
	@./bootstrap.sh test
	@$(PYTHON_IN) -m pytest -n auto --dist worksteal --ignore=tests/browser

abuse: ## Attack it at full size, and print what was measured (takes a long while)
	@./bootstrap.sh test
	@ABUSE=full $(PYTHON_IN) -m pytest $$(grep -rlE 'tests\.sizes|tests import .*\bsizes\b' --include='test_*.py' tests)

secret: ## Make the root key of a new clinic, when there is none
	@./bootstrap.sh run
	@$(PYTHON_IN) -m intake.cli.secret

lint: ## Check style, types, architecture, templates, dependencies, texts and locks
	@./bootstrap.sh test
	@.ci/run lint

format: ## Put the code into shape
	@./bootstrap.sh test
	@$(BIN)/ruff check --quiet --fix-only intake tests wsgi.py
	@$(BIN)/ruff format intake tests wsgi.py

lock: ## Choose the newest allowed versions of everything (needs uv)
	@for set in run test; do echo "requirements/$$set.txt"; $(LOCK) requirements/$$set.in -o requirements/$$set.txt || exit 1; done
	@date -u +%F > requirements/chosen

translations: texts ## Gather the texts to translate, and bring the translations up to date
	@for folder in intake/translations/*/LC_MESSAGES; do [ ! -d "$$folder" ] || { \
	  $(BABEL) update -i $(POT) -d intake/translations --no-fuzzy-matching && $(BABEL) compile -d intake/translations; \
	  exit; }; done

# Without the header: its dates and versions would make an unchanged file look changed.
texts:
	@./bootstrap.sh test
	@$(BABEL) extract -F babel.cfg -k _l -k lazy_gettext --add-location=file --omit-header -o $(POT) .

publish: ## Record form versions that are new; a recorded one is never edited again
	@./bootstrap.sh run
	@$(PYTHON_IN) -m intake.forms.publishing

policy: ## Write docs/policy.md anew from the policy tables
	@./bootstrap.sh run
	@$(PYTHON_IN) -m intake.security.table > docs/policy.md

rules: ## Write docs/red-flags.md anew from the rules about warning signs
	@./bootstrap.sh run
	@$(PYTHON_IN) -m intake.clinical.triage.table > docs/red-flags.md

limits: ## Write docs/limits.md anew from the clocks and limits of the code
	@./bootstrap.sh run
	@PYTHONPATH=. $(PYTHON_IN) tools/limits.py

asvs: ## Write docs/asvs.md anew from docs/asvs.toml
	@./bootstrap.sh run
	@$(PYTHON_IN) tools/asvs.py

bench: ## Measure (bench/README.md says what and how)
	@./bootstrap.sh test
	@for script in bench/*.py; do [ ! -f "$$script" ] || PYTHONPATH=. $(PYTHON_IN) "$$script" || exit 1; done
