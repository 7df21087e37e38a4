#!/usr/bin/env bash
# Runs the rules of the benchmark on other engines, one after another.
#
# usage: run.sh [ZEN_ROWS] [PUBLICODES_ROWS]    (20000, 1000; at most 20000 each)
#
# Prints a JSON object for each figure on standard output, and everything else on standard error. What is not installed
# yet is installed first (install.sh).
set -euo pipefail
cd "$(dirname "$0")"
zen_rows=${1:-20000}
publicodes_rows=${2:-1000}
./install.sh

echo "zen: $zen_rows companies" >&2
venv/bin/python -B zen_bench.py "$zen_rows"
echo "publicodes: $publicodes_rows companies" >&2
node publicodes_bench.mjs "$publicodes_rows"
