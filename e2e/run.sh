#!/usr/bin/env bash
# Runs the journeys against the built program: all of them, or the files that are named.
#   e2e/run.sh                                      everything
#   e2e/run.sh tests/phone.test.mjs                 one file
#   e2e/run.sh --test-name-pattern='answer' tests/pages.test.mjs
set -euo pipefail
cd "$(dirname "$0")"
./packages.sh
if [ $# -eq 0 ]; then set -- tests/*.test.mjs; fi
exec node --test --test-concurrency=2 --test-reporter=spec "$@"
