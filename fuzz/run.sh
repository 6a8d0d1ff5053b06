#!/usr/bin/env bash
# `fuzz/run.sh [SECONDS] [TARGET…]` runs libFuzzer on each target, two at a time, for 60 seconds.
#
# A find is written to fuzz/finds: minimise it (`target/…/TARGET -minimize_crash=1 FILE`), mend the
# fault, and keep the file in fuzz/corpus/TARGET, which `cargo test` in this folder replays.
#
# The seed is fixed, so that a run on the same commit finds the same; FUZZ_SEED=0 takes another each time.
#
# Works with stable Rust: coverage is a pass of LLVM, and without unsafe code there is nothing for the
# address sanitizer, which alone would need nightly. Exit code 3: the tools could not be had.
set -euo pipefail
cd "$(dirname "$0")"

seconds=${1:-60}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(read generate names request)

# Not the workspace's target folder: nothing there was built with these flags.
export CARGO_TARGET_DIR=${FUZZ_TARGET_DIR:-$PWD/../target/fuzz}
host=$(rustc -vV | sed -n 's/^host: //p')
export RUSTC_WRAPPER=$PWD/instrumented.sh

if ! said=$(cargo fetch --locked --quiet 2>&1); then
    echo "$said"
    # A lock file that is not up to date is a fault of ours, not of the network.
    case $said in *"--locked"*) exit 1 ;; esac
    echo "skipped: libfuzzer-sys could not be fetched"
    exit 3
fi
if ! command -v "${CXX:-c++}" >/dev/null; then
    echo "skipped: libFuzzer needs a C++ compiler"
    exit 3
fi
# With --target, build scripts and macros, which run without libFuzzer, are built without the flags.
RUSTFLAGS="--cfg fuzzing -Ccodegen-units=1" cargo build --locked --quiet --features libfuzzer --bins --target "$host"

one() {
    local target=$1 grown=$CARGO_TARGET_DIR/corpus/$1
    mkdir -p "$grown" finds
    local also=()
    case $target in
    read | generate) also=(../specs/features/3.0 ../specs/features/3.1 ../specs/features/3.2 ../specs/negative) ;;
    esac
    # The first folder is where libFuzzer writes; the others are only read.
    "$CARGO_TARGET_DIR/$host/debug/$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 \
        -max_len=16384 -seed="${FUZZ_SEED:-20261121}" -print_final_stats=1 -verbosity=0 -artifact_prefix="finds/$target-" \
        "$grown" "corpus/$target" "${also[@]}" >"$CARGO_TARGET_DIR/$target.log" 2>&1
}
export -f one
export seconds host
printf '%s\n' "${targets[@]}" | xargs -P 2 -I{} bash -c \
    'one {} && echo "{}: $(sed -n "s/^stat::number_of_executed_units: *//p" "$CARGO_TARGET_DIR/{}.log") runs, nothing found" ||
     { tail -n 60 "$CARGO_TARGET_DIR/{}.log"; echo "{}: found something"; exit 255; }'
