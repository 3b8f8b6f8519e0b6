# SPDX-License-Identifier: GPL-2.0-or-later
# The file system of libos/exos/fs on the host, on images of mke2fs: random operations against the
# host's own, power cuts at any write, images that lie. Short here; scripts/fs.sh has more.
find_program(MKE2FS mke2fs PATHS /sbin /usr/sbin REQUIRED)
find_program(E2FSCK e2fsck PATHS /sbin /usr/sbin REQUIRED)
find_program(DEBUGFS debugfs PATHS /sbin /usr/sbin REQUIRED)
file(GLOB fs CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/libos/exos/fs/*.c)
add_library(hostfs STATIC fs_rig.c ${fs})
target_include_directories(hostfs PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}
  ${CMAKE_SOURCE_DIR}/libos/exos/fs ${CMAKE_SOURCE_DIR}/libos/port ${CMAKE_SOURCE_DIR}/exo/include)
target_compile_definitions(hostfs PRIVATE MKE2FS="${MKE2FS}" E2FSCK="${E2FSCK}" DEBUGFS="${DEBUGFS}")
target_compile_options(hostfs PRIVATE -fno-strict-aliasing)
target_link_libraries(hostfs PUBLIC host_flags)
foreach(program fs_random fs_crash fs_fuzz)
  add_executable(${program} ${program}.c)
  target_link_libraries(${program} PRIVATE hostfs)
endforeach()

#   fs_test(NAME PROGRAM LABEL ARGS...)   in a folder of its own
function(fs_test name program label)
  file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/${name})
  add_test(NAME ${name} COMMAND ${program} --dir ${CMAKE_CURRENT_BINARY_DIR}/${name} ${ARGN})
  set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT 240)
endfunction()
set(fs_images "4096 -j" "2048 -j" "1024 -j" "4096" "1024 -I 128" "4096 -j -I 128 -O ^filetype,^resize_inode")
set(n 0)
foreach(image ${fs_images})
  math(EXPR n "${n} + 1")
  fs_test(fs_random_${n} fs_random unit --seed ${n} --steps 1500 "-t ext2 -b ${image}")
  fs_test(fs_crash_${n} fs_crash unit --seed ${n} --cuts 12 "-t ext2 -b ${image}")
  fs_test(fs_fuzz_${n} fs_fuzz fuzz --seed ${n} --runs 150 "-t ext2 -b ${image}")
endforeach()
fs_test(fs_full fs_random unit --seed 9 --steps 3000 --size 2600k "-t ext2 -b 1024 -j")
