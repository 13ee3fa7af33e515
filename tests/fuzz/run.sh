#!/usr/bin/env bash
# Runs every fuzz target for SECONDS each (60), from its seeds; a finding ends with a non-zero code and the input that showed it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
seconds=${1:-60}
[[ $seconds =~ ^[0-9]+$ ]] || { echo "fuzz: SECONDS is a whole number, found '$seconds'" >&2; exit 2; }
found=build/fuzz/findings
mkdir -p "$found"

fuzz_one() {
  local name=$1 work
  work=$(mktemp -d)
  echo "fuzz: $name for $2 s" >&2
  if "build/fuzz/bin/$name" -max_total_time="$2" -timeout=10 -rss_limit_mb=2048 -max_len=16384 -artifact_prefix="$3/$name-" \
       "$work" "tests/fuzz/corpus/$name" >"$3/$name.log" 2>&1; then
    echo "fuzz: $name clean: $(grep -E '^Done|stat::number_of_executed_units' "$3/$name.log" | tail -1)"
  else
    tail -40 "$3/$name.log" >&2
    echo "fuzz: $name FOUND something: $3/$name-*" >&2
    return 1
  fi
  rm -rf "$work"
}
export -f fuzz_one
printf '%s\n' hub_framing_fuzz json_decode_fuzz config_fuzz | xargs -P 3 -I{} bash -c 'fuzz_one "$@"' _ {} "$seconds" "$found"
