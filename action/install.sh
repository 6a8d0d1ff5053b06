#!/usr/bin/env bash
# Puts `mcpwright` on the path: the one that is given (GIVEN), or the one of this action, built here.
set -euo pipefail

if [ -n "${GIVEN:-}" ]; then
    if [ ! -x "$GIVEN" ]; then
        echo "::error::\`$GIVEN\` (input \`mcpwright\`) is no program"
        exit 2
    fi
    folder=$(cd -- "$(dirname -- "$GIVEN")" && pwd)
else
    folder=$RUNNER_TEMP/mcpwright/bin
    # The toolchain and Cargo's settings are those of the folder: never those that the checked-out repository names.
    cd -- "$GITHUB_ACTION_PATH"
    cargo install --quiet --locked --path generator --root "$RUNNER_TEMP/mcpwright"
fi
echo "$folder" >>"$GITHUB_PATH"
"$folder/mcpwright" --version
