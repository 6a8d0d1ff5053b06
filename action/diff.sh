#!/usr/bin/env bash
# Compares the document with that of BASE: annotations, a summary, and the report for a comment. DOCUMENT and
# CONFIG are empty where the settings of this folder say it; FAIL_ON is `breaking`, `risk`, `any` or `never`.
set -euo pipefail

say() { echo "$1" >>"$GITHUB_OUTPUT"; }

if [[ ! "${BASE:-}" =~ [^0] ]]; then
    echo "::notice title=mcpwright diff::There is nothing to compare with: no base."
    exit 0
fi
case "${FAIL_ON:=breaking}" in
breaking | risk | any | never) ;;
*)
    echo "::error title=mcpwright diff::\`fail-on\` is \`breaking\`, \`risk\`, \`any\` or \`never\`, not \`$FAIL_ON\`."
    exit 2
    ;;
esac

# A checkout has one commit, unless it was told otherwise.
if ! git rev-parse --quiet --verify --end-of-options "$BASE^{commit}" >/dev/null; then
    git fetch --quiet --no-tags --depth=1 --end-of-options origin "$BASE" || {
        echo "::error title=mcpwright diff::The base \`$BASE\` cannot be fetched; let actions/checkout fetch it (\`fetch-depth: 0\`)."
        exit 2
    }
    git rev-parse --quiet --verify --end-of-options "$BASE^{commit}" >/dev/null || BASE=$(git rev-parse FETCH_HEAD)
fi

# What is compared: the document, or the folder of the settings that name it.
place=${DOCUMENT:-.}
# A path that begins with `-` is no option, and `-` no standard input.
case "$place" in -*) place=./$place ;; esac
old=$BASE:./${place#./}
for file in "$place" ${CONFIG:+"$CONFIG"}; do
    if [ ! -e "$file" ] && ! git cat-file -e "$BASE:./${file#./}" 2>/dev/null; then
        echo "::error title=mcpwright diff::There is no \`$file\`, neither here nor in the base."
        exit 2
    fi
done
if ! git cat-file -e "$old" 2>/dev/null; then
    echo "::notice title=mcpwright diff::\`$place\` is not in the base: there is nothing to compare with."
    exit 0
fi
options=() before=()
if [ -n "${CONFIG:-}" ]; then
    options+=("--config=$CONFIG")
    # The command takes the file that the base has under this name.
    before+=("--old-config=$CONFIG")
fi

folder=$(mktemp -d "${RUNNER_TEMP:-/tmp}/mcpwright-diff.XXXXXX")
fail=()
[ "$FAIL_ON" = never ] || fail=(--fail-on "$FAIL_ON")
both=("${options[@]}" "${before[@]}")
code=0
mcpwright --quiet diff "${both[@]}" --json --output "$folder/report.json" -- "$old" "$place" || code=$?
if [ "$code" -ne 0 ]; then
    # A base that is broken is what this may mend.
    if mcpwright --quiet diff "${options[@]}" --output /dev/null -- "$place" "$place" >/dev/null 2>&1; then
        echo "::notice title=mcpwright diff::The document of the base cannot be read (see above), the one of this commit can: there is nothing to compare with."
        exit 0
    fi
    echo "::error title=mcpwright diff::The document of this commit cannot be read."
    mcpwright --quiet --format github diff "${options[@]}" --output /dev/null -- "$place" "$place" || true
    exit "$code"
fi
mcpwright --quiet diff "${both[@]}" --markdown --output "$folder/report.md" -- "$old" "$place"
cat "$folder/report.md" >>"$GITHUB_STEP_SUMMARY"
say "report=$folder/report.md"
say "advice=$(jq --raw-output .advice.part "$folder/report.json")"
# Annotations, and the code; without the table, which is in the summary.
mcpwright --format github diff "${both[@]}" "${fail[@]}" --output /dev/null -- "$old" "$place"
