# The standard library is parsed once for all of the product, not once a file: a third of the time of a full build. A header
# of our own is never in it, so a change to one rebuilds only what includes it.
set(RM_STD_HEADERS <algorithm> <array> <chrono> <cstdint> <expected> <functional> <map> <memory> <optional> <span> <string>
    <string_view> <utility> <variant> <vector>)
set(RM_PCH_OPTIONS $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)  # ccache needs it
function(rm_add_pch name)  # options...
  file(WRITE ${CMAKE_BINARY_DIR}/${name}.cpp "")
  add_library(${name} STATIC ${CMAKE_BINARY_DIR}/${name}.cpp)
  target_link_libraries(${name} PRIVATE rm_warnings)
  target_compile_options(${name} PRIVATE ${RM_PCH_OPTIONS} ${ARGN})
  target_precompile_headers(${name} PRIVATE ${RM_STD_HEADERS})
endfunction()
rm_add_pch(rm_pch)
rm_add_pch(rm_pch_beside_the_path ${RM_BESIDE_THE_PATH})
# rm_compile_on_the_path(target), rm_compile_beside_the_path(target): nothing of the second kind runs between a message and the
# request it leads to.
function(rm_compile_on_the_path name)
  target_compile_options(${name} PRIVATE ${RM_PCH_OPTIONS})
  target_precompile_headers(${name} REUSE_FROM rm_pch)
endfunction()
function(rm_compile_beside_the_path name)
  target_compile_options(${name} PRIVATE ${RM_PCH_OPTIONS} ${RM_BESIDE_THE_PATH})
  target_precompile_headers(${name} REUSE_FROM rm_pch_beside_the_path)
endfunction()

# rm_library(name SOURCES a.cpp b.cpp DEPENDS rm_domain ... [PRIVATE_DEPENDS Boost::headers ...])
# One small static library a folder; includes are written from src/: #include "domain/money.h".
function(rm_library name)
  cmake_parse_arguments(ARG "BESIDE_THE_PATH" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} PRIVATE rm_warnings ${ARG_PRIVATE_DEPENDS})
  if(ARG_BESIDE_THE_PATH)
    rm_compile_beside_the_path(${name})
  else()
    rm_compile_on_the_path(${name})
  endif()
endfunction()

# rm_test(name LABEL unit|integration|e2e|smoke|interop|chaos SOURCES ... DEPENDS ...)
# One test binary a folder; every test case becomes one ctest entry with the label.
include(GoogleTest)
# Test code is not optimised: what it tests is, and it compiles in half the time. GoogleTest is parsed
# once for all test binaries.
set(RM_TEST_OPTIONS ${RM_PCH_OPTIONS} -U_FORTIFY_SOURCE -O0)
if(RM_TESTS)
  file(WRITE ${CMAKE_BINARY_DIR}/rm_test_pch.cpp "")
  add_library(rm_test_pch STATIC ${CMAKE_BINARY_DIR}/rm_test_pch.cpp)
  target_link_libraries(rm_test_pch PRIVATE rm_warnings GTest::gmock Threads::Threads)
  target_compile_options(rm_test_pch PRIVATE ${RM_TEST_OPTIONS})
  target_precompile_headers(rm_test_pch PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
endif()
function(rm_test_code name)
  target_link_libraries(${name} PRIVATE GTest::gmock)
  target_compile_options(${name} PRIVATE ${RM_TEST_OPTIONS})
  target_precompile_headers(${name} REUSE_FROM rm_test_pch)
endfunction()
function(rm_test name)
  cmake_parse_arguments(ARG "" "LABEL;TIMEOUT" "SOURCES;DEPENDS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 60)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} rm_warnings GTest::gmock_main)
  rm_test_code(${name})
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT})
endfunction()
