#!/usr/bin/env bash
# Writes mcpwright.cdx.json, the CycloneDX bill of materials of the command, at the top of the repository.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo cyclonedx --version 2>/dev/null || cargo install --locked --quiet --version 0.5.9 cargo-cyclonedx
# For the targets of all archives: a crate that only one system needs is listed, too.
cargo cyclonedx --manifest-path generator/Cargo.toml --format json --spec-version 1.5 --target all \
    --override-filename mcpwright.cdx
mv generator/mcpwright.cdx.json mcpwright.cdx.json
# The other members get one each, which nobody asked for.
git ls-files --others --exclude-standard -z -- '*/mcpwright.cdx.json' | xargs -0 -r rm
[ -s mcpwright.cdx.json ]
