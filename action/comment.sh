#!/usr/bin/env bash
# Writes the report into a comment of the pull request: the one of an earlier run, or a new one.
set -euo pipefail

mark="<!-- mcpwright diff -->"
comments="$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues/$PULL_REQUEST/comments"

# The token stands in no argument, which others on the machine could read.
ask() {
    curl --silent --show-error --fail-with-body --max-time 30 --retry 2 \
        --config - --header "Accept: application/vnd.github+json" "$@" <<<"header = \"Authorization: Bearer $GITHUB_TOKEN\""
}

# GitHub takes 65,536 characters.
body=$(printf '%s\n%s\n' "$mark" "$(head --bytes=60000 "$REPORT")" | jq --raw-input --slurp '{body: .}')

failed() {
    echo "::warning title=mcpwright::The comment was not written: give the job the permission \`pull-requests: write\`. The report is in the summary."
    exit 0
}

known="" page=1
while [ -z "$known" ] && [ "$page" -le 20 ]; do
    found=$(ask "$comments?per_page=100&page=$page") || failed
    # Only what a program wrote: people may quote it.
    known=$(jq --raw-output --arg mark "$mark" \
        '[.[] | select(.user.type == "Bot" and ((.body // "") | startswith($mark))) | .id][0] // empty' <<<"$found")
    [ "$(jq length <<<"$found")" -eq 100 ] || break
    page=$((page + 1))
done

if [ -n "$known" ]; then
    ask --request PATCH --data "$body" "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues/comments/$known" >/dev/null || failed
else
    ask --data "$body" "$comments" >/dev/null || failed
fi
