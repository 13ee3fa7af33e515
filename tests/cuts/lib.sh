# What the scripts of this folder share: a copy of the tree in which cuts are made, and its build. Sourced, from the root of the tree.
copy=build/trust/src
out=build/trust/build
jobs=$(nproc)

# Files that an earlier run cut are touched: what it built of them last was built later than the file it was restored from.
make_copy() {  # files that may have been cut...
  local file
  rm -rf "$copy"
  mkdir -p "$copy" "$out"
  git ls-files -co --exclude-standard | tar -cf - --ignore-failed-read -T - 2>/dev/null | tar -xf - -C "$copy"
  for file in "$@"; do touch "$copy/$file"; done
  # The programs that the tests cut themselves are left out: their patches are for the uncut tree.
  cmake -S "$copy" -B "$out" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0 -DRM_BENCH=OFF -DRM_CUT_PROGRAMS=OFF >/dev/null
}

build() { cmake --build "$out" -j "$jobs" --target "$@" >build/trust/build.log 2>&1; }

restore() { cp --preserve=mode "$1" "$copy/$1" && touch "$copy/$1"; }

# Puts the lines of a file between two marks of docs/trust.md.
write_down() {  # mark, file
  local page=docs/trust.md
  grep -q "^<!-- begin $1 -->$" "$page" && grep -q "^<!-- end $1 -->$" "$page" || { echo "trust: $page has no place for $1" >&2; return 1; }
  awk -v mark="$1" -v table="$2" '
    $0 == "<!-- end " mark " -->" { inside = 0 }
    !inside { print }
    $0 == "<!-- begin " mark " -->" { inside = 1; while ((getline line < table) > 0) print line }' "$page" >build/trust/page.md
  cp build/trust/page.md "$page"
}
