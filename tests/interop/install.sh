#!/bin/sh
# Installs the Python packages that the tests of interoperation run, once:
#   install.sh <directory of the virtual environment>
set -eu
venv=$1
required=$(dirname "$0")/requirements.txt
installed=$venv/installed.txt

if cmp -s "$required" "$installed"; then
    exit 0
fi
if ! python3 -m venv --help >/dev/null 2>&1; then
    echo "python3 with its venv module is missing; install it, for example with" >&2
    echo "  apt-get install python3 python3-venv" >&2
    exit 1
fi
rm -rf "$venv"
python3 -m venv "$venv"
# mite's recorder needs msgpack alone; what mite as a whole depends on would have to be compiled.
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -r "$required"
"$venv/bin/python" -c "import anoncreds, msgpack; from mite.recorder import Recorder"
# Last, so that an install that was cut short is done anew.
cp "$required" "$installed"
