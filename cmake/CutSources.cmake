# Tests of what is said when a link is missing: one source of ours, patched, is linked before the library that has the whole one.
find_program(RM_PATCH patch REQUIRED)

# rm_cut_source(result patch): `result` becomes the patched copy of the one file that the patch names.
function(rm_cut_source result patch)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${patch})
  file(STRINGS ${patch} target_line REGEX "^\\+\\+\\+ b/" LIMIT_COUNT 1)
  string(REPLACE "+++ b/" "" source "${target_line}")
  get_filename_component(file ${source} NAME)
  get_filename_component(name ${patch} NAME_WE)
  set(dir ${CMAKE_CURRENT_BINARY_DIR}/cuts/${name})
  file(MAKE_DIRECTORY ${dir})
  add_custom_command(OUTPUT ${dir}/${file}
    COMMAND ${RM_PATCH} -s -o ${dir}/${file} ${PROJECT_SOURCE_DIR}/${source} ${patch}
    DEPENDS ${PROJECT_SOURCE_DIR}/${source} ${patch} VERBATIM)
  set(${result} ${dir}/${file} PARENT_SCOPE)
endfunction()

# Not beside the good programs: nobody is to start it by mistake.
function(rm_cut_program name)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests/cuts)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE RM_VERSION="${PROJECT_VERSION}")
  target_compile_options(${name} PRIVATE -w -O0 -U_FORTIFY_SOURCE)
endfunction()
