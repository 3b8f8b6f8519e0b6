# SPDX-License-Identifier: GPL-2.0-or-later
# The guided port: what `exosim port new` makes and undoes, the port that docs/porting.md follows, and
# a test for each port made in this tree (CLASS_NAME.port).
set(port_tmp ${CMAKE_CURRENT_BINARY_DIR}/new)
add_executable(undo_check ${CMAKE_CURRENT_LIST_DIR}/undo_check.c)
target_link_libraries(undo_check PRIVATE host_flags simcore)
add_test(NAME port_undo COMMAND undo_check ${port_tmp}/undo)
add_test(NAME port_new COMMAND ${CMAKE_CURRENT_LIST_DIR}/port_new.sh $<TARGET_FILE:exosim>
  ${CMAKE_SOURCE_DIR} ${port_tmp}/cli)
add_test(NAME port_third_mmu COMMAND ${CMAKE_CURRENT_LIST_DIR}/third_mmu.sh $<TARGET_FILE:exosim>
  ${CMAKE_SOURCE_DIR} ${port_tmp}/third)
set_tests_properties(port_undo port_new PROPERTIES LABELS port TIMEOUT 120)
set_tests_properties(port_third_mmu PROPERTIES LABELS port TIMEOUT 900 PROCESSORS 2)

file(GLOB ports CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.port)
foreach(port ${ports})
  get_filename_component(name ${port} NAME_WE)
  string(REGEX MATCH "^([a-z]+)_(.*)$" parts ${name})
  add_test(NAME port.${name} COMMAND exosim port status ${CMAKE_MATCH_1} ${CMAKE_MATCH_2}
    --source ${CMAKE_SOURCE_DIR})
  set_tests_properties(port.${name} PROPERTIES LABELS port TIMEOUT 300)
endforeach()
