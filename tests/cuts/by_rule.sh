#!/usr/bin/env bash
# R15, for what differs from rule to rule and from action to action: makes the small sabotages of tests/cuts/*.cuts one at a time
# and demands that tests go red for each. A sabotage that no longer applies, does not compile or is not noticed is a failure: the
# last is a missing test. The cut file alone is compiled, and linked before the library that has the whole one.
#   tests/cuts/by_rule.sh [WORD]   only those whose first line has this text
# A sabotage:  cut LINK NAME: what is done / in FILE / - text that stands there once / + text in its place / run WHAT [FILTER] …
# WHAT: rules (the tests of the rules, and all scenarios against the core when they notice nothing; the default), integration
# (with the tests to be run).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source tests/cuts/lib.sh
work=build/trust/cuts
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
      'run '*) runs[-1]+=${runs[-1]:+$'\n'}${line#run } ;;
      '' | '#'*) ;;
      *) echo "trust: cannot read '$line'" >&2 && exit 2 ;;
    esac
  done < <(cat tests/cuts/*.cuts)
  [ ${#titles[@]} -eq ${#files[@]} ] && [ ${#titles[@]} -eq ${#olds[@]} ] && [ ${#titles[@]} -eq ${#news[@]} ] ||
    { echo "trust: a cut has no 'in', '-' or '+' line" >&2; exit 2; }
}

programs_of() { case "$1" in integration*) echo integration_tests ;; *) echo rules_test scenarios_test ;; esac; }
filter_of() { case "$1" in integration*) echo "${1#integration }" ;; *) echo '*' ;; esac; }
last_command() { ninja -C "$out" -t commands "$1" | tail -1; }

# Green: 0. The first program that is red will do. What it says goes to $1/red.log. One that goes in circles is ended by its CPU
# time, and red; one that only waits, or a machine that is too busy, proves nothing: 124.
run_tests() {  # directory, one line of 'run', an object to be linked before the libraries
  local name ended
  for name in $(programs_of "$2"); do
    [ -x "$1/$name" ] || link_with "$3" "$name" "$1" >>"$1/build.log" 2>&1 || { echo 'it does not link' >"$1/red.log" && return 1; }
    ended=0
    (ulimit -t 300 && exec timeout 1800 "$1/$name" --gtest_brief=1 --gtest_filter="$(filter_of "$2")") >"$1/red.log" 2>&1 || ended=$?
    [ "$ended" -eq 0 ] || return "$ended"
  done
}

names_of_the_red() {  # log
  local names more
  names=$(sed -n 's/^\[  FAILED  \] \([A-Za-z0-9_/]*\.[A-Za-z0-9_/]*\).*/\1/p' "$1" | awk '!seen[$0]++')
  [ -n "$names" ] || { echo 'the test program ends'; return; }
  head -2 <<<"$names" | sed 's/.*/`&`/' | paste -sd, | sed 's/,/, /g' | tr -d '\n'
  more=$(($(wc -l <<<"$names") - 2))
  [ "$more" -le 0 ] || printf ' and %s more' "$more"
}

cut_out() {  # file, old, new, where to
  local text behind
  text=$(cat "$copy/$1"; printf x)
  text=${text%x}
  behind=${text#*"$2"}
  [ "$behind" != "$text" ] && [[ $behind != *"$2"* ]] || return 1
  printf '%s' "${text/"$2"/"$3"}" >"$4"
}

compile_cut() {  # file, the cut one, object
  local object command
  object=$(ninja -C "$out" -t targets all | sed -n "s#^\($(dirname "$1")/CMakeFiles/[^:]*/$(basename "$1")\.o\):.*#\1#p" | head -1)
  command=$(last_command "$object")
  command=${command/" -c $PWD/$copy/$1"/" -w -c $2"}
  (cd "$out" && eval "${command/" -o $object"/" -o $3"}")
}

link_with() {  # object, program, directory
  local target=tests/$2 command
  command=$(last_command "$target")
  (cd "$out" && eval "${command/" -o $target "/" $1 -o $3/$2 "}")
}

judge() {  # index, directory: what became of it
  local line ended caught=''
  cut_out "${files[$1]}" "${olds[$1]}" "${news[$1]}" "$2/cut.cpp" || { echo 'DOES NOT APPLY'; return; }
  compile_cut "${files[$1]}" "$2/cut.cpp" "$2/cut.o" >"$2/build.log" 2>&1 || { echo 'DOES NOT COMPILE'; return; }
  while IFS= read -r line; do
    ended=0
    run_tests "$2" "$line" "$2/cut.o" || ended=$?
    [ "$ended" -ne 0 ] || { echo "NOT NOTICED by $line"; return; }
    [ "$ended" -ne 124 ] || { echo "DOES NOT END: $line"; return; }
    if grep -q '^it does not link$' "$2/red.log"; then echo 'DOES NOT LINK'; return; fi
    caught+="${caught:+; }$(names_of_the_red "$2/red.log")"
  done <<<"${runs[$1]:-rules}"
  echo "$caught"
}

judge_one() {  # index
  local dir=$PWD/$work/$1 result
  mkdir -p "$dir"
  result=$(judge "$1" "$dir")
  case "$result" in 'DOES NOT'* | 'NOT NOTICED'*) result="**$result**" ;; *) rm -rf "$dir" ;; esac
  printf '| %s | %s | %s |\n' "${titles[$1]%%: *}" "${titles[$1]#*: }" "$result" | tee "$work/$1.row"
}

read_cuts
if [ "${1:-}" = --one ]; then judge_one "$2" && exit; fi

only=${1:-}
# shellcheck disable=SC2046
make_copy $(sed -n 's#^+++ b/##p' tests/cuts/*.patch | sort -u)
echo "trust: building the uncut tree" >&2
build rules_test scenarios_test integration_tests paper-gateway || { tail -30 build/trust/build.log >&2; echo "trust: the uncut tree does not build" >&2; exit 1; }
rm -rf "$work" && mkdir -p "$work"
for line in rules 'integration EveryRule.*'; do
  mkdir "$work/uncut" && cp $(programs_of "$line" | sed "s#[^ ]*#$out/tests/&#g") "$work/uncut/"
  run_tests "$work/uncut" "$line" || { tail -40 "$work/uncut/red.log" >&2; echo "trust: $line: not green before any cut" >&2; exit 1; }
  rm -rf "$work/uncut"
done

chosen=()
for i in "${!titles[@]}"; do [[ ${titles[$i]} != *"$only"* ]] || chosen+=("$i"); done
[ ${#chosen[@]} -gt 0 ] || { echo "trust: no sabotage has '$only' in its first line" >&2; exit 2; }
printf '%s\n' "${chosen[@]}" | xargs -P "$jobs" -I{} tests/cuts/by_rule.sh --one {}
{
  printf '| link, rule or action | sabotage | tests that went red |\n|---|---|---|\n'
  for i in "${chosen[@]}"; do cat "$work/$i.row"; done
} >"$table"
survivors=$(grep -cF '| **' "$table" || true)
echo "trust: ${#chosen[@]} sabotages, $survivors not caught; table in $table"
[ "$survivors" -eq 0 ] || exit 1
[ -n "$only" ] || write_down by-rule "$table"
