#!/usr/bin/env bash
# Whether a server needs a system call that `my-crm-mcp.service` refuses: `bash docs/sandbox/check.sh PROGRAM`.
# The program is one for the demo CRM (cargo build --package demo-crm --package northlight-crm-mcp).
# Needs strace and systemd 250 or later; ends with 3 where they are not there.
set -euo pipefail
cd "$(dirname "$0")"
server=$(realpath "${1:-../../target/debug/northlight-crm-mcp}")
crm=$(dirname "$server")/demo-crm
for tool in strace systemd-analyze curl; do
    command -v "$tool" >/dev/null || { echo "$tool is not there"; exit 3; }
done

work=$(mktemp -d)
processes=()
finish() {
    [ ${#processes[@]} -eq 0 ] || kill "${processes[@]}" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

# The unit itself.
sed "s|/usr/local/bin/my-crm-mcp|$server|; s|^User=.*|User=root|" my-crm-mcp.service >"$work/my-crm-mcp.service"
systemd-analyze verify "$work/my-crm-mcp.service"
systemd-analyze security --offline=true --threshold=15 my-crm-mcp.service | tail -n 1

# The members of a set, as the unit has them.
members() {
    systemd-analyze syscall-filter "$1" | sed 1d | grep -v '#' | tr -d ' ' | while read -r line; do
        case $line in
        @*) members "$line" ;;
        ?*) echo "$line" ;;
        esac
    done
}
members @system-service | sort -u >"$work/allowed"
{ members @privileged; members @resources; } | sort -u >"$work/refused"

"$crm" --port 0 --rate-limit 0 >"$work/crm.log" 2>&1 &
processes+=($!)
until grep -q listening "$work/crm.log"; do sleep 0.1; done
base=$(awk '/listening on/ { print $NF }' "$work/crm.log")

NORTHLIGHT_CRM_BASE_URL=$base NORTHLIGHT_CRM_API_KEY=demo-admin-key NORTHLIGHT_CRM_AUDIT=$work/audit.jsonl \
    strace -f -qq -o "$work/trace" "$server" http --listen 127.0.0.1:18970 --admin-listen 127.0.0.1:18971 2>"$work/log" &
tracer=$!
processes+=("$tracer")
until curl --silent --fail http://127.0.0.1:18971/healthz >/dev/null; do sleep 0.2; done
call() {
    curl --silent --fail http://127.0.0.1:18970/mcp -H 'Content-Type: application/json' \
        -H 'Accept: application/json, text/event-stream' -H 'MCP-Protocol-Version: 2026-07-28' \
        -H 'Mcp-Method: tools/call' -H "Mcp-Name: $1" \
        -d '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"'"$1"'","arguments":'"$2"',"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}' |
        grep -q '"isError":false'
}
call list_leads '{}'
call create_lead '{"name":"A sandboxed lead"}'
curl --silent --fail http://127.0.0.1:18971/metrics >/dev/null
kill "$(pgrep -P "$tracer")"
wait "$tracer" || true

sed -E 's/^[0-9]+ +//' "$work/trace" | grep -oE '^[a-z_0-9]+\(' | tr -d '(' | sort -u >"$work/made"
echo "$(wc -l <"$work/made") system calls are made"
outside=$(comm -23 "$work/made" "$work/allowed"; comm -12 "$work/made" "$work/refused")
if [ -n "$outside" ]; then
    echo "the unit refuses: $outside"
    exit 1
fi
echo "the unit allows all of them"
