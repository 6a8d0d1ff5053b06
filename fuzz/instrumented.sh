#!/usr/bin/env bash
# Cargo's RUSTC_WRAPPER for `run.sh`: our own crates report their coverage to libFuzzer. What they are
# built on does not: most of a run would go into watching parsers of others.
rustc=$1
shift
case " $* " in
*" --crate-name mcpwright"*)
    exec "$rustc" "$@" -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
        -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
        -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares
    ;;
esac
exec "$rustc" "$@"
