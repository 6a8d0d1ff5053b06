#!/usr/bin/env bash
# Compares the generated crate with its document. DOCUMENT, CONFIG and OUT are empty where the settings say it.
set -euo pipefail

# A path that begins with `-` is no option, and `-` no standard input.
file() { case "$1" in -*) echo "./$1" ;; *) echo "$1" ;; esac }

options=()
[ -z "${DOCUMENT:-}" ] || options+=("$(file "$DOCUMENT")")
[ -z "${CONFIG:-}" ] || options+=("--config=$CONFIG")
[ -z "${OUT:-}" ] || options+=("--out=$OUT")

for place in "${DOCUMENT:-}" "${CONFIG:-}"; do
    if [ -n "$place" ] && [ ! -e "$place" ]; then
        echo "::error title=mcpwright check::There is no \`$place\`."
        exit 2
    fi
done

code=0
said=$(mktemp "${RUNNER_TEMP:-/tmp}/mcpwright-check.XXXXXX")
mcpwright --format github check "${options[@]}" 2>"$said" || code=$?
if [ "$code" -eq 2 ] && [ -z "${OUT:-}" ] && grep --quiet "no folder for the crate was named" "$said"; then
    echo "::notice title=mcpwright check::No crate is named, neither by \`out\` nor by the settings: nothing is checked."
    exit 0
fi
cat "$said" >&2
if [ "$code" -eq 3 ]; then
    echo "::error title=mcpwright check::The generated crate is not what its document says: run \`mcpwright generate\` and commit what it writes."
fi
exit "$code"
