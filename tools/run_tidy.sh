#!/bin/sh
# clang-tidy over one file, quiet unless it finds something. Kernels are plain arrays and split constants by design:
# nothing of the standard library that the rest of the program shares may be compiled for their instruction set alone.
# The formula sheet takes numbers by value; formula.cpp calls it with a number that is a tree.
set -eu
case $1 in
  *.lanes.cpp | */bf16_kernels.cpp) checks=-modernize-avoid-c-arrays,-modernize-loop-convert,-modernize-use-std-numbers ;;
  */export/formula.cpp) checks=-performance-unnecessary-value-param ;;
  *) checks= ;;
esac
log=$(mktemp)
trap 'rm -f "$log"' EXIT
clang-tidy-19 -p build/clang --quiet --checks="$checks" "$1" 2>"$log" || { grep -v 'warnings.* generated' "$log"; exit 1; }
