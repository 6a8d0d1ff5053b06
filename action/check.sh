#!/usr/bin/env bash
# Compares the generated crate with its document. DOCUMENT, CONFIG and OUT are empty where the settings say it.
set -euo pipefail

options=()
[ -z "${DOCUMENT:-}" ] || options+=("$DOCUMENT")
[ -z "${CONFIG:-}" ] || options+=(--config "$CONFIG")
[ -z "${OUT:-}" ] || options+=(--out "$OUT")

code=0
mcpwright --format github check "${options[@]}" || code=$?
if [ "$code" -eq 3 ]; then
    echo "::error title=mcpwright check::The generated crate is not what its document says: run \`mcpwright generate\` and commit what it writes."
fi
exit "$code"
