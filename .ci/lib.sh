# What `.ci/run` and `.ci/full` share; sourced by both.

export CI=true INSTA_UPDATE=no CARGO_TERM_COLOR=never PIP_DISABLE_PIP_VERSION_CHECK=1
# Nothing here is compiled a second time after a small change, which is all that incremental builds are for.
export CARGO_INCREMENTAL=0
# Nobody steps through it with a debugger either; linking two hundred test programs is faster without.
export CARGO_PROFILE_DEV_DEBUG=0
target=${CARGO_TARGET_DIR:-$PWD/target}
work=$target/ci
programs=$target/debug
mkdir -p "$work"

begun=$SECONDS section="" section_begun=$SECONDS
crm_process=""

close() {
    [ -z "$section" ] || echo "=== $section: $((SECONDS - section_begun)) s"
}
step() {
    close
    section=$1 section_begun=$SECONDS
    echo
    echo "=== $section (after $((SECONDS - begun)) s)"
}
finish() {
    local code=$?
    [ -z "$crm_process" ] || kill "$crm_process" 2>/dev/null || true
    if [ "$code" -ne 0 ]; then
        echo
        echo "=== FAILED in: ${section:-preparation} (after $((SECONDS - begun)) s, code $code)"
    fi
}
trap finish EXIT

# `later NAME COMMAND…` goes on in the background; `await NAME` needs it done.
later() {
    local name=$1
    shift
    (
        begin=$SECONDS
        "$@" >"$work/$name.log" 2>&1 </dev/null || { touch "$work/$name.failed"; exit; }
        echo "($name took $((SECONDS - begin)) s in the background)" >>"$work/$name.log"
    ) &
    declare -g "job_$name=$!"
    rm -f "$work/$name.failed"
}
await() {
    local job="job_$1"
    wait "${!job}" || true
    if [ -e "$work/$1.failed" ]; then
        tail -n 40 "$work/$1.log"
        echo "$1 failed"
        return 1
    fi
    tail -n 1 "$work/$1.log"
}
# A Python tool in an environment of its own.
python_tool() {
    [ -x "$work/$1/bin/python" ] || python3 -m venv "$work/$1"
    "$work/$1/bin/pip" install --quiet "$2"
}
