#!/bin/sh
# Runs every fuzzer of build/asan for the given number of seconds, two at once, and names each result in a line.
# Seeds are read from fuzz/corpus/NAME, finds go to build/asan/corpus/NAME, crashing inputs to build/asan/NAME-crash-….
set -u
cd "$(dirname "$0")/.." || exit 1

if [ "${1:-}" != one ]; then
  seconds=${1:?usage: tools/run_fuzzers.sh SECONDS}
  ls fuzz/*_fuzzer.cpp | sed 's|fuzz/\(.*\)_fuzzer.cpp|\1|' | xargs -n 1 -P 2 "$0" one "$seconds"
  exit
fi

# one SECONDS NAME: the call that xargs makes
seconds=$2
name=$3
build=$PWD/build/asan  # whole paths: a fuzzer may work in a folder of its own
seeds=$PWD/fuzz/corpus/$name
finds=$build/corpus/$name
log=$build/$name.log
mkdir -p "$finds"
[ -d "$seeds" ] || seeds=
# shellcheck disable=SC2086  # no seeds, no word
if "$build/${name}_fuzzer" -max_total_time="$seconds" -timeout=20 -close_fd_mask=3 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$build/$name-" "$finds" $seeds >"$log" 2>&1; then
  echo "fuzz: $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") runs, nothing found"
else
  tail -n 60 "$log"
  echo "fuzz: $name: FOUND SOMETHING; all of it is in $log" >&2
  exit 255  # the one status on which xargs starts no further fuzzer
fi
