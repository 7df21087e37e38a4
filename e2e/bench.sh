#!/usr/bin/env bash
# Measures the pages on a slow phone; see docs/benchmarks.md.
set -euo pipefail
cd "$(dirname "$0")"
./packages.sh
exec node bench/pages.mjs
