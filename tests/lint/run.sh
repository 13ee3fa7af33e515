#!/usr/bin/env bash
# clang-tidy over every source file of the product, with the compile commands of the Release build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
database=build/release
[ -f "$database/compile_commands.json" ] || { echo "lint: $database/compile_commands.json is missing, run ./dev build" >&2; exit 1; }
mapfile -t files < <(git ls-files 'src/*.cpp' 'apps/*.cpp' 'paper_gateway/*.cpp')
[ ${#files[@]} -gt 0 ] || { echo "lint: no source files found" >&2; exit 1; }
echo "lint: clang-tidy over ${#files[@]} files" >&2
printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -n 4 clang-tidy-19 -p "$database" --quiet --extra-arg=-Wno-unknown-warning-option --extra-arg=-Wno-deprecated-declarations 2> >(grep -vE 'warnings generated|Suppressed|Use -header-filter' >&2)
echo "lint: clean"
