#!/usr/bin/env bash
# R15: cuts the critical path, one link at a time, and shows that the test named for that link goes red.
# Each tests/cuts/*.patch begins with:   # link: R6   # cut: what is cut   # target: test binaries to build   # test: ctest regular expression
# The cuts are made in a copy of the tree; a patch that no longer applies, a cut that does not compile or a test that stays green is a failure.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source tests/cuts/lib.sh
only=${1:-}

field() { sed -n "s/^# $1: //p" "$2" | head -1; }

mapfile -t patches < <(ls tests/cuts/*.patch)
# shellcheck disable=SC2046
make_copy $(sed -n 's#^+++ b/##p' "${patches[@]}" | sort -u)
targets=$(for p in "${patches[@]}"; do field target "$p"; done | tr ' ' '\n' | sort -u | tr '\n' ' ')
tests=$(for p in "${patches[@]}"; do field test "$p"; done | sort -u | paste -sd'|')
echo "trust: building the uncut tree" >&2
# shellcheck disable=SC2086
build $targets || { tail -30 build/trust/build.log >&2; echo "trust: the uncut tree does not build" >&2; exit 1; }
ctest --test-dir "$out" -R "$tests" --no-tests=error -j "$jobs" --output-on-failure >build/trust/green.log 2>&1 || {
  tail -40 build/trust/green.log >&2; echo "trust: the named tests are not green before any cut" >&2; exit 1; }

table=build/trust/table.md
printf '| link | cut | test that goes red | result |\n|---|---|---|---|\n' >"$table"
survivors=0
for patch in "${patches[@]}"; do
  [ -z "$only" ] || [[ $patch == *"$only"* ]] || continue
  link=$(field link "$patch") cut=$(field cut "$patch") test=$(field test "$patch") target=$(field target "$patch")
  result="red"
  if ! patch -d "$copy" -p1 --no-backup-if-mismatch -s <"$patch" >build/trust/patch.log 2>&1; then
    result="PATCH DOES NOT APPLY"
  elif ! build $target; then
    result="CUT DOES NOT COMPILE"
  elif ctest --test-dir "$out" -R "$test" --no-tests=error -j "$jobs" >build/trust/red.log 2>&1; then
    result="STAYED GREEN"
  fi
  [ "$result" = "red" ] || survivors=$((survivors + 1))
  printf '| %s | %s | `%s` | %s |\n' "$link" "$cut" "$test" "$result" | tee -a "$table"
  for file in $(sed -n 's#^+++ b/##p' "$patch"); do restore "$file"; done
done
echo "trust: ${#patches[@]} cuts, $survivors not caught; table in $table"
[ "$survivors" -eq 0 ] || exit 1
[ -n "$only" ] || write_down links "$table"
