# The one door of the project: `make help` lists what stands behind it.
# How things are compiled is left to CMakeLists.txt and CMakePresets.json.

JOBS         ?= $(shell nproc)
FUZZ_SECONDS ?= 600
KILLS        ?= 1000
BENCH        ?=
DATA         ?=

# Debian 12 packages: the first list builds and tests; the others are wanted by check, fuzz and format, by test-long, by bench,
# and by bench-peers alone.
packages       := g++ cmake ninja-build libcli11-dev libfmt-dev nlohmann-json3-dev zlib1g-dev \
                  libtomlplusplus-dev libhwy-dev libeigen3-dev libgtest-dev librapidcheck-dev
check_packages := clang-19 clang-format-19 clang-tidy-19 libclang-rt-19-dev python3
page_packages  := chromium chromium-driver python3-selenium fonts-dejavu-core
proxy_packages := nginx-light haproxy caddy openssl
bench_packages := libbenchmark-dev
long_packages  := libonnx-testdata
peers_packages := $(bench_packages) python3 python3-venv python3-dev pkg-config libdlib-dev libopenblas-dev libfann-dev \
                  dataset-fashion-mnist

find_code := find $(wildcard neurone server cli examples tests bench fuzz) -name '*.h' -print0 -o -name '*.cpp' -print0

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:  # each step uses all the processors already, and check stops at the first that fails
.PHONY: help setup setup-check build demo fashion-mnist test docs certificate test-long check fuzz format clean
.PHONY: bench bench-peers bench-peers-setup bench-accuracy bench-solvers bench-proben1 bench-predict bench-serve bench-long-table
.PHONY: check-export check-import check-serve check-failures
.PHONY: check-format check-includes check-warnings check-sanitizers build-sanitized check-threads check-tidy check-page
.PHONY: check-fuzz coverage

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*  ## /  make \1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 22

setup:  ## install the Debian packages that are missing
	@tools/install_packages.sh $(packages)

setup-check:
	@tools/install_packages.sh $(packages) $(check_packages)

build: setup  ## compile the library and the command, build/neurone
	@cmake --preset release
	@cmake --build build -j $(JOBS)

demo: build  ## train on data/penguins, look at the model, and predict
	build/neurone train data/penguins/penguins.csv --target species --output build/penguins.safetensors
	build/neurone inspect build/penguins.safetensors
	build/neurone predict build/penguins.safetensors data/penguins/new.csv

fashion-mnist: build  ## train on 60,000 pictures of clothes (installs a package of 30 MB)
	@tools/install_packages.sh dataset-fashion-mnist
	build/neurone train /usr/share/datasets/fashion-mnist --hidden 256,128,100 --output build/fashion.safetensors

test: setup  ## build and run the tests
	@cmake --preset test
	@cmake --build build/test -j $(JOBS)
	@ctest --test-dir build/test --output-on-failure --no-tests=error -j $(JOBS)

certificate: setup  ## fit NIST's certified regressions as networks, a JSON line each, and write docs/certified.md
	@cmake --preset test
	@cmake --build build/test -j $(JOBS) --target example_certificate
	@tools/write_certificate.py build/test/examples/certificate

docs: setup  ## draw the pictures of docs/lecture.md and docs/cours.md anew
	@cmake --preset test
	@cmake --build build/test -j $(JOBS) --target lecture_pictures
	@mkdir -p docs/images/lecture
	@build/test/examples/lecture_pictures docs/images/lecture

test-long: setup  ## the tests that take minutes: every float through exp, log, tanh …; the node tests of ONNX
	@tools/install_packages.sh $(long_packages)
	@cmake --preset test -D NEURONE_LONG_TESTS=ON
	@cmake --build build/test -j $(JOBS) --target neurone_long_tests
	@ctest --test-dir build/test --output-on-failure --no-tests=error -L long --verbose

check: check-format check-includes check-warnings check-sanitizers check-threads check-tidy check-page check-fuzz  ## all that a change has to pass
	@echo "check: all passed"

check-format: setup-check
	@echo "check: format"
	@$(find_code) | xargs -0 clang-format-19 --dry-run -Werror --ferror-limit=1

check-includes: setup-check
	@echo "check: includes"
	@tools/check_includes.py

check-warnings: setup-check
	@echo "check: g++ without a warning"
	@cmake --preset dev
	@cmake --build build/dev -j $(JOBS)

check-sanitizers: build-sanitized
	@echo "check: tests under the address and undefined-behaviour sanitizers"
	@ctest --test-dir build/asan --output-on-failure --no-tests=error -j $(JOBS)

build-sanitized: setup-check
	@echo "check: clang++ without a warning"
	@cmake --preset asan
	@cmake --build build/asan -j $(JOBS)

check-threads: setup-check
	@echo "check: what runs in threads under the thread sanitizer"
	@cmake --preset tsan
	@cmake --build build/tsan -j $(JOBS)
	@ctest --test-dir build/tsan --output-on-failure --no-tests=error -j $(JOBS)

check-tidy: setup-check
	@echo "check: clang-tidy"
	@mkdir -p build && cmake --preset clang >build/tidy.log
	@find neurone server cli -name '*.cpp' -print0 | xargs -0 -n 1 -P $(JOBS) tools/run_tidy.sh

check-page: build
	@tools/install_packages.sh $(page_packages)
	@echo "check: the pages of neurone train and explain in a browser"
	@/usr/bin/python3 tools/check_page.py build/neurone build/pages

check-fuzz: build-sanitized
	@echo "check: every fuzzer for 20 seconds"
	@tools/run_fuzzers.sh 20

fuzz: build-sanitized  ## run every fuzzer for FUZZ_SECONDS=600, two at once
	@tools/run_fuzzers.sh $(FUZZ_SECONDS)

coverage: setup-check  ## which lines the tests reach: build/coverage/html/index.html, and the share of each folder
	@tools/install_packages.sh llvm-19
	@cmake --preset coverage
	@cmake --build build/coverage -j $(JOBS)
	@tools/measure_coverage.sh build/coverage

bench: setup  ## time kernels, steps, predictions, reading; BENCH="--benchmark_filter=epoch" for a part of it
	@tools/install_packages.sh $(bench_packages)
	@cmake --preset bench
	@cmake --build build/bench -j $(JOBS) --target neurone_bench
	@mkdir -p bench/results
	@build/bench/neurone_bench --benchmark_repetitions=3 --benchmark_report_aggregates_only=true \
	  --benchmark_counters_tabular=true --benchmark_out=build/bench/neurone.json --benchmark_out_format=json $(BENCH)

bench-peers: bench-peers-setup  ## time neurone beside its peers; BENCH="--rounds 1 --work predict" for a part of it
	@build/peers/venv/bin/python bench/peers/run.py $(BENCH)

bench-peers-setup: setup
	@tools/install_packages.sh $(peers_packages)
	@bench/peers/set_up.sh
	@cmake --preset bench -D NEURONE_PEERS=ON
	@cmake --build build/bench -j $(JOBS)

bench-accuracy: build  ## train on many tables with no option: make bench-accuracy DATA=folder
	@tools/install_packages.sh python3 python3-venv
	@bench/accuracy/set_up.sh
	@test -n "$(DATA)" || { echo "bench-accuracy: DATA=folder is missing; bench/accuracy/README.md says what it holds" >&2; exit 2; }
	@build/accuracy/venv/bin/python bench/accuracy/run.py "$(DATA)" $(BENCH)

bench-solvers: build  ## second-order methods beside Adam and scikit-learn's lbfgs: make bench-solvers DATA=folder
	@tools/install_packages.sh python3 python3-venv
	@bench/accuracy/set_up.sh
	@test -n "$(DATA)" || { echo "bench-solvers: DATA=folder is missing; bench/accuracy/README.md says what it holds" >&2; exit 2; }
	@build/accuracy/venv/bin/python bench/solvers/run.py "$(DATA)" $(or $(BENCH),--output bench/results/solvers.json)

bench-proben1: build  ## train on PROBEN1 by its own rules: make bench-proben1 DATA=folder
	@tools/install_packages.sh python3
	@test -n "$(DATA)" || { echo "bench-proben1: DATA=folder is missing; bench/proben1/README.md says what it holds" >&2; exit 2; }
	@/usr/bin/python3 bench/proben1/run.py "$(DATA)" $(or $(BENCH),--output bench/results/proben1.json)

bench-predict: build  ## two million rows predicted, beside pandas with ONNX Runtime: make bench-predict DATA=folder
	@tools/install_packages.sh python3 python3-venv
	@test -n "$(DATA)" || { echo "bench-predict: DATA=folder is missing; bench/accuracy/README.md says what it holds" >&2; exit 2; }
	@test -x build/predict/venv/bin/python || python3 -m venv build/predict/venv
	@build/predict/venv/bin/python -m pip install --quiet --upgrade numpy onnxruntime pandas pyarrow
	@build/predict/venv/bin/python bench/predict/run.py "$(DATA)" $(or $(BENCH),--output bench/results/predict.json)

check-export: build  ## exported models in ONNX Runtime, every row; DATA=folder for Adult and housing as well
	@tools/install_packages.sh python3 python3-venv dataset-fashion-mnist
	@test -x build/export/venv/bin/python || python3 -m venv build/export/venv
	@build/export/venv/bin/python -m pip install --quiet --upgrade onnx onnxruntime numpy pandas
	@build/export/venv/bin/python tools/check_export.py build/neurone build/export/models $(DATA)

check-serve: build  ## the server under a fuzzer of its API, idle, slow and leaving clients, reloads, bursts, behind proxies; its form in a browser
	@tools/install_packages.sh python3 python3-venv $(page_packages) $(proxy_packages)
	@test -x build/serve/schemathesis/bin/st || python3 -m venv build/serve/schemathesis
	@build/serve/schemathesis/bin/python -m pip install --quiet --upgrade schemathesis
	@python3 tools/check_serve.py build/neurone build/serve/check --schemathesis build/serve/schemathesis/bin/st
	@python3 tools/check_proxy.py build/neurone build/serve/proxy
	@/usr/bin/python3 tools/check_form.py build/neurone build/serve/form

check-failures: setup build  ## every allocation and every call on a file fails, and kills everywhere; KILLS=1000 of training runs
	@tools/install_packages.sh python3
	@cmake --preset test
	@cmake --build build/test -j $(JOBS) --target neurone_failure_tests
	@NEURONE_FAILURES=all build/test/tests/neurone_failure_tests --gtest_brief=1
	@/usr/bin/python3 tools/check_kills.py build/neurone --kills $(KILLS)

bench-long-table: build  ## ten million rows of 20 columns: the memory that training says it takes, and takes (BENCH="--rows 1000000")
	@tools/install_packages.sh python3
	@/usr/bin/python3 bench/long_table/run.py $(BENCH)

bench-serve: build  ## requests a second beside FastAPI with ONNX Runtime: make bench-serve DATA=folder
	@tools/install_packages.sh python3 python3-venv wrk
	@test -x build/serve/venv/bin/python || python3 -m venv build/serve/venv
	@build/serve/venv/bin/python -m pip install --quiet --upgrade fastapi 'uvicorn[standard]' onnxruntime orjson numpy
	@test -n "$(DATA)" || { echo "bench-serve: DATA=folder is missing: that of adult/adult-train.csv and adult-test.csv" >&2; exit 2; }
	@build/serve/venv/bin/python bench/serve/run.py build/neurone "$(DATA)" $(BENCH)

check-import: build  ## networks of PyTorch, Keras and scikit-learn, imported, against what they say themselves (downloads 200 MB and more)
	@tools/install_packages.sh python3 python3-venv
	@test -x build/import/venv/bin/python || python3 -m venv build/import/venv
	@build/import/venv/bin/python -m pip install --quiet torch==2.13.0 keras onnx onnxscript onnxruntime scikit-learn skl2onnx pandas
	@build/import/venv/bin/python tools/check_import.py build/neurone build/import/models

format: setup-check  ## lay out all the code with clang-format
	@$(find_code) | xargs -0 clang-format-19 -i

clean:  ## remove all that was built
	rm -rf build
