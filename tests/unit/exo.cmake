# SPDX-License-Identifier: GPL-2.0-or-later
# Unit tests of the exokernel (exo_*.c), once for each kind of MMU.
file(GLOB exo_unit_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/exo_*.c)
foreach(kind ${KINDS_MMU})
  if(TARGET exo_host_${kind})
    add_executable(unit_exo_${kind} ${exo_unit_sources})
    target_link_libraries(unit_exo_${kind} PRIVATE strict_flags exo_host_${kind} ${CUNIT_LIBRARY})
    add_test(NAME unit_exo_${kind} COMMAND unit_exo_${kind})
    set_tests_properties(unit_exo_${kind} PROPERTIES LABELS unit TIMEOUT 300)
  endif()
endforeach()
