# SPDX-License-Identifier: GPL-2.0-or-later
# calls.cmake - lists of the guest's side that the simulator reads at run time (sim/ may include neither
# exo/ nor libos/), each printed by a small host program: ${GUEST_OUT}/calls.tsv from exo's calls.def
# (calls.c), hooks.tsv from libos/port/hooks.def (hooks.c).
file(MAKE_DIRECTORY ${GUEST_OUT})
function(guest_list name folder)
  add_executable(print_${name} ${CMAKE_SOURCE_DIR}/cmake/${name}.c)
  target_include_directories(print_${name} PRIVATE ${CMAKE_SOURCE_DIR}/${folder})
  target_link_libraries(print_${name} PRIVATE strict_flags)
  set(tsv ${GUEST_OUT}/${name}.tsv)
  add_custom_command(OUTPUT ${tsv}
    COMMAND sh -c "\"$1\" > \"$2.new\" && mv \"$2.new\" \"$2\"" sh $<TARGET_FILE:print_${name}> ${tsv}
    DEPENDS print_${name} COMMENT "${name}.tsv" VERBATIM)
  add_custom_target(${name}_tsv ALL DEPENDS ${tsv})
endfunction()
guest_list(calls exo/include)
guest_list(hooks libos/port)
