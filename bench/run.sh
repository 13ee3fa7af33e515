#!/usr/bin/env bash
# The figures of docs/design.md, measured here and now. Compare figures of one run with each other: machines differ and are noisy.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build/release/bin/rm_bench --benchmark_counters_tabular=true
echo
build/release/bin/wire_to_wire build/release/bin/risk-manager "${1:-24}"  # more in one minute than the request budget of a login would let through
