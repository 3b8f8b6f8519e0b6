# SPDX-License-Identifier: GPL-2.0-or-later
# kinds.cmake - the kinds of exo/include/exo/kinds.def: lists KINDS_MMU, KINDS_DISK, KINDS_NIC.
set(KINDS_DEF ${CMAKE_SOURCE_DIR}/exo/include/exo/kinds.def)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${KINDS_DEF})
file(STRINGS ${KINDS_DEF} rows REGEX "^EXO_KIND\\([A-Z]")
foreach(row ${rows})
  if(NOT row MATCHES "^EXO_KIND\\((MMU|DISK|NIC), ([0-9]+), ([a-z0-9]+), ([A-Z0-9]+)\\)$")
    message(FATAL_ERROR "${KINDS_DEF}: expected EXO_KIND(class, number, name, NAME): ${row}")
  endif()
  list(APPEND KINDS_${CMAKE_MATCH_1} ${CMAKE_MATCH_3})
endforeach()
