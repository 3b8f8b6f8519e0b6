# SPDX-License-Identifier: GPL-2.0-or-later
# The written cost: on a fixture known by hand, on the project itself, against llvm-dwarfdump.
add_executable(cost_check cost_check.c)
target_link_libraries(cost_check PRIVATE host_flags simcore)
add_test(NAME port_cost COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/cost_fixture.sh ${CMAKE_SOURCE_DIR}
  ${CMAKE_BINARY_DIR} $<TARGET_FILE:cost_check> ${CMAKE_CURRENT_BINARY_DIR}/cost)
add_test(NAME port_cost_lines COMMAND sh ${CMAKE_CURRENT_SOURCE_DIR}/cost_lines.sh ${CMAKE_BINARY_DIR}
  $<TARGET_FILE:cost_check> riscv arm-softtlb pc decstation)
set_tests_properties(port_cost port_cost_lines PROPERTIES LABELS port)
