#!/usr/bin/env bash
# R39: cuts the wiring of the daemon, one link at a time, and shows that `risk-manager drill` names the link that was cut.
# Each tests/cuts/drill/*.patch begins with:   # link: R8   # cut: what is cut   # rules: what is drilled   # says: words of the evidence
# The self-test, which would refuse to start, is taken out first: the drill has to see it for itself.
# Usage: tests/cuts/drill.sh [PART OF A PATCH'S NAME]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
only=${1:-}
work=build/drill-cuts
copy=$work/src out=$work/build

sync_copy() { git ls-files -c --exclude-standard | tar -cf - -T - | tar -xf - -C "$copy"; }
field() { sed -n "s/^# $1: //p" "$2" | head -1; }
build() { nice cmake --build "$out" -j "${JOBS:-$(nproc)}" --target risk-manager paper-gateway >"$work/build.log" 2>&1; }
cut_out() { patch -d "$copy" -p1 --no-backup-if-mismatch -s <"$1"; }
restore() {  # what the patch touched, built anew
  sed -n 's#^+++ b/##p' "$1" | while read -r file; do cp "$file" "$copy/$file"; done
}
# The first link that is not proven, and why; "proven" when all of them are.
drilled() {
  printf 'rules: {%s}\n' "$1" >"$work/risk.yaml"
  "$out/bin/risk-manager" drill --config "$work/risk.yaml" --timeout 3 --json >"$work/report.json" 2>"$work/drill.log" || true
  python3 - "$work/report.json" <<'PYTHON'
import json, sys
for rule in json.load(open(sys.argv[1]))["rules"]:
    if rule["problem"]:
        sys.exit(print("NOT DONE:", rule["problem"][-300:]))
    for link in rule["links"]:
        if not link["proven"]:
            sys.exit(print(link["link"] + ":", link["evidence"]))
print("proven")
PYTHON
}

rm -rf "$copy"
mkdir -p "$copy" "$out"
sync_copy
[ -f "$out/build.ninja" ] || cmake -S "$copy" -B "$out" -G Ninja -DCMAKE_BUILD_TYPE=Release -DRM_TESTS=OFF -DRM_BENCH=OFF >/dev/null
cut_out tests/cuts/drill/self_test_off.patch || { echo "drill cuts: the self-test cannot be taken out" >&2; exit 1; }
echo "drill cuts: building the uncut tree" >&2
build || { tail -30 "$work/build.log" >&2; exit 1; }
found=$(drilled 'max_contracts: {max_contracts: 5}, daily_loss: {max_loss: -1000}')
[ "$found" = proven ] || { echo "drill cuts: not proven before any cut: $found" >&2; exit 1; }

table=$work/table.md survivors=0 count=0
printf '| link | cut | what the drill says |\n|---|---|---|\n' | tee "$table"
for patch in tests/cuts/drill/*.patch; do
  [[ $patch != */self_test_off.patch && (-z $only || $patch == *"$only"*) ]] || continue
  count=$((count + 1))
  link=$(field link "$patch")
  if ! cut_out "$patch" >"$work/patch.log" 2>&1; then
    found="PATCH DOES NOT APPLY"
  elif ! build; then
    found="CUT DOES NOT COMPILE"
  else
    found=$(drilled "$(field rules "$patch")")
  fi
  good=""
  [[ $found == "$link: "* && $found == *"$(field says "$patch")"* ]] || { good=" **NOT NAMED**" survivors=$((survivors + 1)); }
  printf '| %s | %s | %s%s |\n' "$link" "$(field cut "$patch")" "$found" "$good" | tee -a "$table"
  restore "$patch"
done
echo "drill cuts: $count cuts, $survivors not named; table in $table"
[ "$survivors" -eq 0 ]
