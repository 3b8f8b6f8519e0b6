# SPDX-License-Identifier: GPL-2.0-or-later
# The porting report: the map of code it rests on, its sums, its page.
add_executable(map_check ${CMAKE_CURRENT_LIST_DIR}/map_check.c)
target_link_libraries(map_check PRIVATE host_flags simcore)
set(images)
foreach(isa ${GUEST_ISAS})
  foreach(name httpd exo-softtlb exo-radix)
    list(APPEND images ${GUEST_OUT}/${isa}/${name})
  endforeach()
endforeach()
add_test(NAME port_map COMMAND map_check ${images})
set_tests_properties(port_map PROPERTIES LABELS port TIMEOUT 60)
