#!/bin/sh
# Installs those of the named Debian packages that are missing; asks for nothing when none is.
# Leaves other systems to their users: it says what is needed there and goes on.
set -eu

if ! command -v dpkg-query >/dev/null; then
  echo "setup: not a Debian system; needed here under their names there: $*" >&2
  exit 0
fi

missing=""
for package in "$@"; do
  status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
  as_root="env"
elif command -v sudo >/dev/null; then
  as_root="sudo env"
else
  echo "setup: these packages are missing and installing them takes root or sudo:$missing" >&2
  echo "setup: as root: apt-get install --no-install-recommends$missing" >&2
  exit 1
fi

echo "setup: installing$missing" >&2
$as_root apt-get -qq update
# shellcheck disable=SC2086  # $missing is a list of words
$as_root DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 \
  install -y --no-install-recommends $missing
