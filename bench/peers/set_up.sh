#!/bin/sh
# Sets up what the peers need beside Debian's packages: build/peers/venv with requirements.txt, and build/peers/data.
# Does nothing when nothing has changed.
set -eu
cd "$(dirname "$0")/../.."

peers=build/peers
python=$peers/venv/bin/python
mkdir -p $peers

# Are the files still those that the stamp was written for?
unchanged() { sha256sum --check --status "$1" 2>/dev/null; }

if ! unchanged $peers/venv.sha256; then
  echo "bench-peers: Python packages, some hundred megabytes" >&2
  python3 -m venv --clear $peers/venv
  $python -m pip install --quiet --requirement bench/peers/requirements.txt
  sha256sum bench/peers/requirements.txt >$peers/venv.sha256
fi

if ! unchanged $peers/data.sha256; then
  echo "bench-peers: the data, 380 MB" >&2
  $python bench/peers/make_data.py $peers/data
  sha256sum bench/peers/make_data.py bench/peers/works.py >$peers/data.sha256
fi
