#!/bin/sh
# Runs the tests of a coverage build and writes which lines of the library, server and command they reached: a page for
# each file in BUILD/html, and the share of each folder on standard output.
set -eu
build=${1:?usage: tools/measure_coverage.sh BUILD}
root=$(cd "$(dirname "$0")/.." && pwd)
build=$(cd "$build" && pwd)

rm -rf "$build/profiles" "$build/html"
mkdir -p "$build/profiles"
LLVM_PROFILE_FILE="$build/profiles/%m-%p.profraw" ctest --test-dir "$build" --output-on-failure --no-tests=error -j "$(nproc)" \
  >"$build/ctest.log" || { tail -n 40 "$build/ctest.log" >&2; exit 1; }
# %m merges the runs of one program, %p keeps processes that end by a signal apart; there are thousands: by a list
find "$build/profiles" -name '*.profraw' >"$build/profiles.txt"
llvm-profdata-19 merge --failure-mode=all -o "$build/tests.profdata" --input-files="$build/profiles.txt"
objects="$build/tests/neurone_tests -object $build/neurone"
# shellcheck disable=SC2086  # several words
llvm-cov-19 show $objects -instr-profile="$build/tests.profdata" -format=html -output-dir="$build/html" \
  "$root/neurone" "$root/server" "$root/cli" >/dev/null
# shellcheck disable=SC2086
llvm-cov-19 export $objects -instr-profile="$build/tests.profdata" -summary-only "$root/neurone" "$root/server" "$root/cli" |
  python3 "$root/tools/coverage_table.py" "$root"
