# SPDX-License-Identifier: GPL-2.0-or-later
# calls.cmake - ${GUEST_OUT}/calls.tsv from calls.def, by a small host program (calls.c).
#
# The simulator reads it at run time: sim/ may not include exo/.
add_executable(print_calls ${CMAKE_SOURCE_DIR}/cmake/calls.c)
target_include_directories(print_calls PRIVATE ${CMAKE_SOURCE_DIR}/exo/include)
target_link_libraries(print_calls PRIVATE strict_flags)
set(CALLS_TSV ${GUEST_OUT}/calls.tsv)
file(MAKE_DIRECTORY ${GUEST_OUT})
add_custom_command(OUTPUT ${CALLS_TSV}
  COMMAND sh -c "\"$1\" > \"$2.new\" && mv \"$2.new\" \"$2\"" sh $<TARGET_FILE:print_calls> ${CALLS_TSV}
  DEPENDS print_calls COMMENT "calls.tsv" VERBATIM)
add_custom_target(calls_tsv ALL DEPENDS ${CALLS_TSV})
