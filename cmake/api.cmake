# SPDX-License-Identifier: GPL-2.0-or-later
# api.cmake - ${GUEST_OUT}/api.tsv from libos/include/api.def, by a small host program (api.c),
# which first checks that the list, the public headers and libexos.a name the same functions.
add_executable(print_api ${CMAKE_SOURCE_DIR}/cmake/api.c)
target_compile_options(print_api PRIVATE -iquote ${CMAKE_SOURCE_DIR}/libos/include)
target_link_libraries(print_api PRIVATE strict_flags PkgConfig::LIBELF)
set(API_TSV ${GUEST_OUT}/api.tsv)
set(dir ${CMAKE_SOURCE_DIR}/libos/include)
file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${dir} ${dir}/*.h)
list(SORT headers)
set(all "")
foreach(h ${headers})
  string(APPEND all "#include <${h}>\n")
endforeach()
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/cmake/public.c CONTENT "${all}")
list(TRANSFORM headers PREPEND ${dir}/)
set(archives ${GUEST_ISAS})
list(TRANSFORM archives REPLACE "(.+)" "${GUEST_OUT}/\\1/libexos.a")
list(GET GUEST_ISAS 0 isa)
set(flags ${GUEST_TARGET_${isa}} -std=gnu11 -ffreestanding -nostdinc -I${dir}
  -I${CMAKE_SOURCE_DIR}/exo/include -isystem ${GUEST_RESOURCE}/include)
set(expanded ${CMAKE_BINARY_DIR}/cmake/public.i)
add_custom_command(OUTPUT ${API_TSV}
  COMMAND ${GUEST_CC} ${flags} -E -o ${expanded} ${CMAKE_BINARY_DIR}/cmake/public.c
  COMMAND print_api check ${expanded} ${dir} ${archives}
  COMMAND sh -c "\"$1\" print > \"$2.new\" && mv \"$2.new\" \"$2\"" sh $<TARGET_FILE:print_api>
          ${API_TSV}
  DEPENDS print_api ${headers} ${archives} ${CMAKE_BINARY_DIR}/cmake/public.c
  COMMENT "api.tsv" VERBATIM)
add_custom_target(api_tsv ALL DEPENDS ${API_TSV})
