# Compiler, warnings, linker and caching: the same for every target.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

# What lies beside the path from socket to socket (configuration, the broker to practise on, command lines) is compiled for
# a short build, not for speed: the templates of Beast alone take a minute more at -O3.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
set(RM_BESIDE_THE_PATH $<$<CONFIG:Release>:-O1> $<$<BOOL:${RM_SANITIZE}>:-O0>)

find_program(RM_CCACHE ccache)
if(RM_CCACHE)
  # ccache can only keep what uses a precompiled header when it may take the header's content for granted.
  # Depending on what the compiler itself lists spares a second preprocessing of each file.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_DEPEND=1 CCACHE_SLOPPINESS=pch_defines,time_macros ${RM_CCACHE})
endif()
find_program(RM_MOLD mold)
if(RM_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_library(rm_warnings INTERFACE)
target_compile_options(rm_warnings INTERFACE
  -Wall -Wextra -Werror -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast
  -Wmissing-declarations -Woverloaded-virtual -Wimplicit-fallthrough)
# g++ 12 at -O2 and above reports overlaps, overruns and unset members inside the standard library that are not there (GCC bugs 105651,
# 105329, 80635); clang and the sanitizers look for the real ones.
target_compile_options(rm_warnings INTERFACE
  # libstdc++ 12's own stable_sort calls what it deprecates; clang says so at our line.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-stringop-overflow;-Wno-array-bounds;-Wno-maybe-uninitialized>)
# __int128 carries exact products of price, size and point value; -Wpedantic is told so where it is named (domain/wide.h).

add_compile_options(-fno-omit-frame-pointer -fstack-protector-strong)
add_compile_definitions($<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
if(RM_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
endif()
if(RM_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
endif()
