#!/usr/bin/env bash
# How many tests there are of each kind, by the labels of ctest, as a table in docs/trust.md. Needs a full build: ./dev build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source tests/cuts/lib.sh
tree=${1:-build/release}
table=build/trust/pyramid.md
mkdir -p build/trust

list=$(ctest --test-dir "$tree" -N)
[[ $list != *NOT_BUILT* ]] || { echo "trust: some tests of $tree are not built: ./dev build" >&2; exit 1; }
count() { ctest --test-dir "$tree" -N -L "^$1\$" | sed -n 's/^Total Tests: //p'; }
all=$(sed -n 's/^Total Tests: //p' <<<"$list")
printf '| kind | what runs | tests | share |\n|---|---|---|---|\n' >"$table"
while IFS='|' read -r label words; do
  number=$(count "$label")
  printf '| %s | %s | %s | %s %% |\n' "$label" "$words" "$number" "$(awk "BEGIN {printf \"%.1f\", $number * 100 / $all}")" >>"$table"
done <<'KINDS'
unit|one part, or the whole core with a fake broker; microseconds to milliseconds
integration|real parts together: sockets, files, SQLite; the broker is the paper gateway
e2e|the built programs, seen from outside only
chaos|random days full of faults, judged at the broker
interop|the protocol owner's own client beside ours
smoke|the shipped program does its main job
KINDS
printf '| all | | %s | |\n' "$all" >>"$table"
cat "$table"
write_down pyramid "$table"
