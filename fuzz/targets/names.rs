//! libFuzzer's entry for `mcpwright_fuzz::names`.
#![no_main]
#![allow(unsafe_code, reason = "the entry point is a C function")]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mcpwright_fuzz::names(bytes));
