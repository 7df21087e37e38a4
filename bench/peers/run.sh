#!/usr/bin/env bash
# Runs the rules of the benchmark on other engines, one after another.
#
# usage: run.sh [ZEN_ROWS] [PUBLICODES_ROWS]    (20000, 1000; at most 20000 each)
#
# Prints a JSON object for each figure on standard output, and everything else on standard error. The first run installs
# the engines (into venv and node_modules) and makes the companies (data/sample.jsonl); later runs use what is there.
# Needs Python 3.11 or later with venv, Node and npm.
set -euo pipefail
cd "$(dirname "$0")"
zen_rows=${1:-20000}
publicodes_rows=${2:-1000}

for tool in python3 node npm; do
    command -v "$tool" >/dev/null || { echo "$0: $tool is needed" >&2; exit 1; }
done
if ! cmp -s requirements.txt venv/installed.txt; then
    echo "installing the engines for Python" >&2
    python3 -m venv venv >&2
    venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements.txt >&2
    cp requirements.txt venv/installed.txt
fi
if ! cmp -s package-lock.json node_modules/installed.json; then
    echo "installing the engines for Node" >&2
    npm ci --silent >&2
    cp package-lock.json node_modules/installed.json
fi
if [ ! -s data/sample.jsonl ]; then
    echo "making the companies" >&2
    venv/bin/python gen.py 20000 data/sample.new
    mv data/sample.new data/sample.jsonl
fi

echo "zen: $zen_rows companies" >&2
venv/bin/python -B zen_bench.py "$zen_rows"
echo "publicodes: $publicodes_rows companies" >&2
node publicodes_bench.mjs "$publicodes_rows"
