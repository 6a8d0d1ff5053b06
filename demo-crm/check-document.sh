#!/bin/sh
# Checks a running demo-crm against its OpenAPI document with Schemathesis: every phase, every
# check, fixed seed. Takes about a minute with the default number of examples.
#
#   demo-crm --port 8787 --rate-limit 0 &
#   demo-crm/check-document.sh http://127.0.0.1:8787/api/v1 specs/crm.yaml
#
# EXAMPLES      examples per operation (default 50)
# SCHEMATHESIS  the command (default schemathesis); pip install schemathesis==4.32.5
set -eu

if [ $# -ne 2 ]; then
    echo "usage: $0 BASE_URL DOCUMENT" >&2
    exit 2
fi
pinned=4.32.5
command=${SCHEMATHESIS:-schemathesis}
case $("$command" --version) in
*"$pinned"*) ;;
*) echo "expected Schemathesis $pinned, found $("$command" --version)" >&2; exit 2 ;;
esac

exec "$command" --config-file "$(dirname "$0")/schemathesis.toml" run "$2" \
    --url "$1" \
    --header "X-API-KEY: ${CRM_KEY:-demo-admin-key}" \
    --phases examples,coverage,fuzzing,stateful \
    --max-examples "${EXAMPLES:-50}" \
    --generation-database none \
    --suppress-health-check all \
    --no-color
