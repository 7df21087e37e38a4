#!/usr/bin/env bash
# Asks the running API everything that its description allows, and much that it does not, and checks the answers.
#   e2e/schemathesis.sh              against target/debug/kapok, which it starts on a free port
#   e2e/schemathesis.sh --max-examples 200
# KAPOK=path names another program; PYTHON another interpreter.
set -euo pipefail
root="$(cd "$(dirname "$0")/.." && pwd)"
target="${CARGO_TARGET_DIR:-$root/target}"
kapok="${KAPOK:-$target/debug/kapok}"
venv="$target/e2e/python"
[ -x "$kapok" ] || { echo "$kapok is not there: cargo build -p kapok" >&2; exit 2; }

if ! cmp -s "$root/e2e/requirements.txt" "$venv/installed.txt"; then
  rm -rf "$venv"
  "${PYTHON:-python3}" -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$root/e2e/requirements.txt"
  cp "$root/e2e/requirements.txt" "$venv/installed.txt"
fi

work="$(mktemp -d)"
"$kapok" serve --listen 127.0.0.1:0 --data "$work/data" --on 2026-05-20 --api-rate 0 --log-level warn > "$work/out" &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 100); do
  address="$(grep -o 'http://[0-9.:]*' "$work/out" || true)"
  [ -n "$address" ] && break
  kill -0 "$server" || { echo "the server did not start" >&2; exit 2; }
  sleep 0.1
done

cd "$work"
"$venv/bin/schemathesis" --config-file "$root/e2e/schemathesis.toml" run "$address/api/v1/openapi.json" \
  --checks all --max-examples 40 --workers 2 --request-timeout 20 --suppress-health-check all --no-color "$@"
kill -0 "$server" || { echo "the server is gone" >&2; exit 1; }
