#!/usr/bin/env bash
# Sees to a browser and a Chinese font for the journeys: installs Debian's packages where it may, else says what is missing.
set -euo pipefail

missing=()
if [ -z "${KAPOK_BROWSER:-}" ] && ! which chromium chromium-browser google-chrome 2>/dev/null | grep -q .; then
  missing+=(chromium)
fi
if ! fc-list :lang=zh 2>/dev/null | grep -q .; then
  missing+=(fontconfig fonts-wqy-microhei)
fi
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q
  apt-get install -y -q --no-install-recommends "${missing[@]}"
else
  echo "The journeys in a browser need: ${missing[*]} (Debian's names)." >&2
  echo "Install them, or set KAPOK_BROWSER to the path of a Chromium or Chrome." >&2
  exit 1
fi
