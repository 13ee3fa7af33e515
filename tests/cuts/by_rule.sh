#!/usr/bin/env bash
# R15, for what differs from rule to rule and from action to action: makes the small sabotages of tests/cuts/*.cuts one at a time in
# a copy of the tree, and demands that tests go red for each. A sabotage that no longer applies, does not compile or is not noticed
# is a failure: the last is a missing test.
#   tests/cuts/by_rule.sh [WORD]   only those whose first line has this text
# A sabotage:  cut LINK NAME: what is done / in FILE / - text that stands there once / + text in its place / run WHAT [FILTER] …
# WHAT: rules (the tests of the rules and all scenarios against the core; the default), integration (with the tests to be run).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source tests/cuts/lib.sh
only=${1:-}
red=build/trust/red.log
table=build/trust/by_rule.md

titles=() files=() olds=() news=() runs=()
read_cuts() {
  local line
  while IFS= read -r line; do
    case "$line" in
      'cut '*) titles+=("${line#cut }") && runs+=('') ;;
      'in '*) files+=("${line#in }") ;;
      '- '*) olds+=("${line#- }") ;;
      '+ '* | '+') line=${line#+} && news+=("${line# }") ;;
      'run '*) runs[-1]+="${line#run }"$'\n' ;;
      '' | '#'*) ;;
      *) echo "trust: cannot read '$line'" >&2 && exit 2 ;;
    esac
  done < <(cat tests/cuts/*.cuts)
  [ ${#titles[@]} -eq ${#files[@]} ] && [ ${#titles[@]} -eq ${#olds[@]} ] && [ ${#titles[@]} -eq ${#news[@]} ] ||
    { echo "trust: a cut has no 'in', '-' or '+' line" >&2; exit 2; }
}

targets_of() { case "$1" in integration*) echo integration_tests paper-gateway ;; *) echo rules_test scenarios_test ;; esac; }

# Green: 0. What went red stands in $red.
run_tests() {  # one line of 'run'
  local code=0
  : >"$red"
  case "$1" in
    integration*) timeout 300 "$out/tests/integration_tests" --gtest_brief=1 --gtest_filter="${1#integration }" >>"$red" 2>&1 || code=1 ;;
    *) for name in rules_test scenarios_test; do timeout 120 "$out/tests/$name" --gtest_brief=1 >>"$red" 2>&1 || code=1; done ;;
  esac
  return $code
}

names_of_the_red() {
  local names
  names=$(sed -n 's/^\[  FAILED  \] \([A-Za-z0-9_/]*\.[A-Za-z0-9_/]*\).*/\1/p' "$red" | sort -u)
  [ -n "$names" ] || { echo 'the test program ends'; return; }
  printf '%s\n' "$names" | head -2 | sed 's/.*/`&`/' | paste -sd, | sed 's/,/, /g' | tr -d '\n'
  local more=$(($(printf '%s\n' "$names" | wc -l) - 2))
  [ "$more" -le 0 ] || printf ' and %s more' "$more"
}

cut_out() {  # file, old, new
  local text
  text=$(cat "$copy/$1"; printf x)
  text=${text%x}
  local behind=${text#*"$2"}
  [ "$behind" != "$text" ] && [[ $behind != *"$2"* ]] || return 1
  printf '%s' "${text/"$2"/"$3"}" >"$copy/$1"
}

judge() {  # index: what became of it
  local line caught=''
  cut_out "${files[$1]}" "${olds[$1]}" "${news[$1]}" || { echo 'DOES NOT APPLY'; return; }
  while IFS= read -r line; do
    # shellcheck disable=SC2046
    build $(targets_of "$line") || { echo 'DOES NOT COMPILE'; return; }
    if run_tests "$line"; then echo "NOT NOTICED by $line"; return; fi
    caught+="${caught:+; }$(names_of_the_red)"
  done <<<"${runs[$1]:-rules}"
  echo "$caught"
}

read_cuts
# shellcheck disable=SC2046
make_copy $(printf '%s\n' "${files[@]}" | sort -u)
echo "trust: building the uncut tree" >&2
build rules_test scenarios_test integration_tests paper-gateway || { tail -30 build/trust/build.log >&2; echo "trust: the uncut tree does not build" >&2; exit 1; }
for line in rules 'integration EveryRule.*'; do
  run_tests "$line" || { tail -40 "$red" >&2; echo "trust: $line: not green before any cut" >&2; exit 1; }
done

printf '| link, rule or action | sabotage | tests that went red |\n|---|---|---|\n' >"$table"
made=0 survivors=0
for i in "${!titles[@]}"; do
  [ -z "$only" ] || [[ ${titles[$i]} == *"$only"* ]] || continue
  # An empty line of 'run' is left over from the last newline.
  runs[i]=${runs[$i]%$'\n'}
  result=$(judge "$i")
  restore "${files[$i]}"
  made=$((made + 1))
  case "$result" in 'DOES NOT'* | 'NOT NOTICED'*) survivors=$((survivors + 1)) && result="**$result**" ;; esac
  printf '| %s | %s | %s |\n' "${titles[$i]%%: *}" "${titles[$i]#*: }" "$result" | tee -a "$table"
done
echo "trust: $made sabotages, $survivors not caught; table in $table"
[ "$made" -gt 0 ] && [ "$survivors" -eq 0 ] || exit 1
[ -n "$only" ] || write_down by-rule "$table"
