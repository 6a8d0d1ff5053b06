# What the cast shows: typed as a person types, run for real. Started by record.sh, in its folder.
type_and_run() {
    local word
    printf '\033[1;32m$\033[0m'
    # By words: each step is a frame of the picture.
    for word in $1; do
        printf ' %s' "$word"
        sleep 0.12
    done
    sleep 0.4
    printf '\n'
    "${3:-eval}" "$1"
    sleep "${2:-1.5}"
}
# Writes the crate, and puts the program where a build would leave it.
generated_and_built() {
    mcpwright generate --quiet
    mkdir -p northlight-crm-mcp/target/debug
    ln -sf "$(command -v northlight-crm-mcp)" northlight-crm-mcp/target/debug/
}
# At a terminal it asks; somebody types the answer.
and_yes() {
    python3 -c '
import os, pty, sys, time
def read(terminal):
    said = os.read(terminal, 4096)
    if b"[y/N]" in said:
        time.sleep(1.5)
        os.write(terminal, b"y\n")
    return said
pty.spawn(["bash", "-c", sys.argv[1]], read)' "$1"
}
say() { printf '\033[2m# %s\033[0m\n' "$1"; sleep "${2:-0.8}"; }

type_and_run 'mcpwright init http://127.0.0.1:8787 --yes' 2
say 'mcpwright run: generates, builds, serves (the build is cut here)'
generated_and_built
type_and_run 'mcpwright call list_customers q="Acme Corp"' 1.5
type_and_run "mcpwright call create_invoice customer_id=1 'lines=[{\"item_id\":1,\"quantity\":\"5\"}]' | head -c 148; echo …" 1.5
type_and_run "mcpwright call send_invoice invoice_id=13 | cut -c 1-200" 3 and_yes
type_and_run 'mcpwright connect cursor' 2
