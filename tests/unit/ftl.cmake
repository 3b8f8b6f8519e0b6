# SPDX-License-Identifier: GPL-2.0-or-later
# The flash translation layer on a chip in memory.
file(GLOB ftl CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/libos/port/disk/flash_*.c)
add_executable(unit_ftl ftl_main.c ftl_nand.c ${ftl})
target_include_directories(unit_ftl PRIVATE ${CMAKE_SOURCE_DIR}/libos/port/disk
  ${CMAKE_SOURCE_DIR}/exo/include)
target_compile_options(unit_ftl PRIVATE -fno-strict-aliasing)
target_link_libraries(unit_ftl PRIVATE host_flags ${CUNIT_LIBRARY})
add_test(NAME unit_ftl COMMAND unit_ftl)
set_tests_properties(unit_ftl PROPERTIES LABELS unit TIMEOUT 120)
