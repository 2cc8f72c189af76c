#!/bin/sh
# Installs what `versus.py` compares with: wrk, and Locust and mite in a venv of their own
# under target/versus. Wants Debian or Ubuntu, Python 3.11 or newer, and root or sudo for apt-get.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
venv="${CARGO_TARGET_DIR:-$here/target}/versus/venv"
as_root=
[ "$(id -u)" = 0 ] || as_root=sudo

# mite's HTTP client is built from source: it needs a compiler and libcurl's headers.
$as_root apt-get update
$as_root apt-get install -y --no-install-recommends \
    wrk gcc libc6-dev python3-dev python3-venv libcurl4-openssl-dev

[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
# A peer that does not install is reported as "not installed" by versus.py; the others still count.
for peer in locust mite; do
    "$venv/bin/python" -m pip install --quiet "$peer" || echo "install.sh: $peer could not be installed" >&2
done
"$venv/bin/python" -m pip list 2>/dev/null | grep -i -E '^(locust|mite|acurl) ' || true
