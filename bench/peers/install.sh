#!/usr/bin/env bash
# Installs the other engines (into venv and node_modules) and makes the companies (data/sample.jsonl), where they are not
# there yet. Needs Python 3.11 or later with venv, Node and npm. Prints on standard error only.
set -euo pipefail
cd "$(dirname "$0")"
exec >&2

for tool in python3 node npm; do
    command -v "$tool" >/dev/null || { echo "$0: $tool is needed"; exit 1; }
done
if ! cmp -s requirements.txt venv/installed.txt; then
    echo "installing the engines for Python"
    python3 -m venv venv
    venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements.txt
    cp requirements.txt venv/installed.txt
fi
if ! cmp -s package-lock.json node_modules/installed.json; then
    echo "installing the engines for Node"
    npm ci --silent
    cp package-lock.json node_modules/installed.json
fi
if [ ! -s data/sample.jsonl ]; then
    echo "making the companies"
    mkdir -p data
    venv/bin/python gen.py 20000 data/sample.new
    mv data/sample.new data/sample.jsonl
fi
