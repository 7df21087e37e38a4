#!/usr/bin/env bash
# Runs the rules of the benchmark over a whole registry on other engines, one after another.
#
# usage: run.sh [ROWS] [--without-openfisca]    (1000000)
#
# Prints a JSON object for each engine on standard output, and everything else on standard error. What is not installed
# yet is installed first (../install.sh), and registries that are not there yet are made: without gaps for these engines,
# and with 5 % of the cells empty for Kapok.
set -euo pipefail
cd "$(dirname "$0")/.."
rows=1000000
openfisca=yes
for argument in "$@"; do
    case $argument in
        --without-openfisca) openfisca= ;;
        *[!0-9]* | "") echo "usage: $0 [ROWS] [--without-openfisca]" >&2; exit 2 ;;
        *) rows=$argument ;;
    esac
done
./install.sh

file=data/companies_$rows.parquet
with_gaps=data/companies_${rows}_unknown5.parquet
if [ ! -s "$file" ]; then
    echo "making $rows companies" >&2
    venv/bin/python -B screen/generate.py "$rows" "$file" >&2
fi
if [ ! -s "$with_gaps" ]; then
    echo "making $rows companies with empty cells" >&2
    venv/bin/python -B screen/generate.py "$rows" "$with_gaps" --unknown 5 >&2
fi

for source in memory parquet; do
    echo "duckdb from $source: $rows companies" >&2
    venv/bin/python -B screen/duckdb_bench.py "$file" --from "$source" --form to_the_fen --json
done
if [ "$openfisca" ]; then
    echo "openfisca: $rows companies" >&2
    venv/bin/python -B screen/openfisca_bench.py "$file" --json
fi
