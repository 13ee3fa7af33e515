#!/usr/bin/env bash
# clang-format over every C++ file, the cuts still apply, then clang-tidy over every source file of the product, with the compile commands of the
# Release build. --quick leaves the path-sensitive analyzer out, which takes more than half of the time. With file names: only these.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
database=build/release
[ -f "$database/compile_commands.json" ] || { echo "lint: $database/compile_commands.json is missing, run ./dev build" >&2; exit 1; }

git ls-files '*.cpp' '*.h' | xargs clang-format-19 --dry-run --Werror || {
  echo "lint: not formatted; mend with: git ls-files '*.cpp' '*.h' | xargs clang-format-19 -i" >&2; exit 1; }

# The cuts of ./dev trust and of the tests name lines of the product, and the product moves on.
git ls-files 'tests/*.patch' | while read -r cut; do
  git apply --check "$cut" || { echo "lint: $cut no longer applies: cut the same link where it is now" >&2; exit 1; }
done

checks=()
[ "${1:-}" != --quick ] || { checks=(--checks=-clang-analyzer-*); shift; }
files=("$@")
[ $# -gt 0 ] || mapfile -t files < <(git ls-files 'src/*.cpp' 'apps/*.cpp' 'paper_gateway/*.cpp')
[ ${#files[@]} -gt 0 ] || { echo "lint: no source files found" >&2; exit 1; }
echo "lint: clang-tidy over ${#files[@]} files" >&2
printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -n 4 clang-tidy-19 -p "$database" --quiet "${checks[@]}" --extra-arg=-Wno-unknown-warning-option --extra-arg=-Wno-ignored-gch \
  --extra-arg=-Wno-deprecated-declarations 2> >(grep -vE 'warnings? generated|Suppressed|Use -header-filter' >&2)
echo "lint: clean"
