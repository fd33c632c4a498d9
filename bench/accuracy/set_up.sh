#!/bin/sh
# Sets up build/accuracy/venv with requirements.txt. Does nothing when nothing has changed.
set -eu
cd "$(dirname "$0")/../.."

venv=build/accuracy/venv
if ! sha256sum --check --status $venv.sha256 2>/dev/null; then
  echo "bench-accuracy: Python packages" >&2
  mkdir -p build/accuracy
  python3 -m venv --clear $venv
  $venv/bin/python -m pip install --quiet --requirement bench/accuracy/requirements.txt
  sha256sum bench/accuracy/requirements.txt >$venv.sha256
fi
