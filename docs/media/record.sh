#!/usr/bin/env bash
# Records what the README shows, from real output: the cast, and the page in a browser.
#
#   bash docs/media/record.sh PROGRAMS      # a folder with mcpwright, demo-crm and northlight-crm-mcp
#
# Needs Python 3 with venv, npm, and Chromium (CHROMIUM says where, if not /usr/bin/chromium). Uses the ports
# 8787 and 8970, so that what is seen are the usual addresses.
set -euo pipefail
here=$(cd -- "$(dirname -- "$0")" && pwd)
root=$(cd -- "$here/../.." && pwd)
export PATH="$(cd -- "$1" && pwd):$PATH"
tools=${CARGO_TARGET_DIR:-$root/target}/media
work=$(mktemp -d)
began=()
trap 'kill "${began[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT

mkdir -p "$tools"
[ -x "$tools/python/bin/asciinema" ] || {
    python3 -m venv "$tools/python"
    "$tools/python/bin/pip" install --quiet asciinema==2.4.0 pyoxipng==9.1.1
}
[ -d "$tools/node_modules/svg-term-cli" ] ||
    npm install --prefix "$tools" --no-audit --no-fund --loglevel=error svg-term-cli@2.1.1 playwright-core@1.65.1

export RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup} CARGO_HOME=${CARGO_HOME:-$HOME/.cargo}
export HOME=$work/ann NORTHLIGHT_CRM_API_KEY=demo-admin-key
mkdir -p "$HOME/crm"
cd "$HOME/crm"
demo-crm --document "$root/specs/crm.yaml" --today 2026-11-22 --rate-limit 0 >"$work/crm.log" &
began+=($!)

until grep -qs listening "$work/crm.log"; do sleep 0.1; done
"$tools/python/bin/asciinema" rec --quiet --overwrite --cols 132 --rows 30 --idle-time-limit 1.5 \
    --title "mcpwright: from an address to an invoice" --command "bash $here/story.sh" "$here/tour.cast"
# The folder of this run is nobody's.
sed -i -e "s#$HOME#/home/ann#g" "$here/tour.cast"
node "$tools/node_modules/svg-term-cli/lib/cli.js" --in "$here/tour.cast" --out "$here/tour.svg" --window --no-cursor

NORTHLIGHT_CRM_BASE_URL=http://127.0.0.1:8787/api/v1 northlight-crm-mcp http >"$work/server.log" 2>&1 &
began+=($!)
until grep -q "serving MCP" "$work/server.log"; do sleep 0.1; done
cp "$here/screenshots.mjs" "$tools/"
OUTPUT=$here node "$tools/screenshots.mjs"
"$tools/python/bin/python" - "$here" <<'P'
import pathlib, sys
import oxipng
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.png")):
    oxipng.optimize(path, level=4, strip=oxipng.StripChunks.safe())
    print(path.name, path.stat().st_size, "bytes")
P
ls -l "$here"/tour.*
