# SPDX-License-Identifier: GPL-2.0-or-later
# guest.cmake - compile guest code with clang + lld for the four instruction sets.
#
#   guest_objects(OUT isa NAME n SOURCES ... INCLUDES ... FLAGS ...)  objects, listed in OUT
#   guest_archive(isa NAME n [TARGET t] OBJECTS ...)   ${GUEST_OUT}/<isa>/lib<n>.a, target <t or n>-<isa>
#   guest_executable(isa NAME n OBJECTS ... LIBS targets... SCRIPT s)  ${GUEST_OUT}/<isa>/<n>
#
# Guest programs keep DWARF: trap reports and the porting report read it.
set(GUEST_ISAS riscv64 aarch64 x86_64 mips32 CACHE STRING "Instruction sets to build for")
set(GUEST_OUT ${CMAKE_BINARY_DIR}/guest)
find_program(GUEST_CC NAMES clang REQUIRED)
find_program(GUEST_LD NAMES ld.lld lld REQUIRED)
find_program(GUEST_AR NAMES llvm-ar llvm-ar-14 llvm-ar-19 ar REQUIRED)

set(GUEST_TARGET_riscv64 --target=riscv64-unknown-elf -march=rv64gc -mabi=lp64d -mcmodel=medany -mno-relax)
set(GUEST_TARGET_aarch64 --target=aarch64-unknown-elf -mcpu=cortex-a72)
set(GUEST_TARGET_x86_64 --target=x86_64-unknown-elf -march=x86-64 -mno-red-zone)
set(GUEST_TARGET_mips32 --target=mipsel-linux-gnu -march=mips32r2 -mno-abicalls -mabi=32 -mfp32 -G0)
# Kernel code never touches floating point registers (the hardware traps it).
set(GUEST_KERNEL_riscv64 -march=rv64imac -mabi=lp64)
set(GUEST_KERNEL_aarch64 -mgeneral-regs-only)
set(GUEST_KERNEL_x86_64 -mno-sse -mno-mmx -mno-80387 -mno-implicit-float)
set(GUEST_KERNEL_mips32 -msoft-float)
set(GUEST_EMUL_riscv64 elf64lriscv)
set(GUEST_EMUL_aarch64 aarch64elf)
set(GUEST_EMUL_x86_64 elf_x86_64)
set(GUEST_EMUL_mips32 elf32ltsmip)
set(GUEST_CFLAGS -std=gnu11 -O2 -g -ffreestanding -fno-builtin -nostdinc -fno-pic -fno-pie
    -fno-stack-protector -fno-asynchronous-unwind-tables -fno-unwind-tables
    -ffunction-sections -fdata-sections -fno-common -fno-strict-aliasing
    -Wall -Wextra -Wshadow -Wconversion -Werror)
execute_process(COMMAND ${GUEST_CC} -print-resource-dir OUTPUT_VARIABLE GUEST_RESOURCE
                OUTPUT_STRIP_TRAILING_WHITESPACE)

function(guest_objects out isa)
  cmake_parse_arguments(G "" "NAME" "SOURCES;INCLUDES;FLAGS" ${ARGN})
  set(objs)
  set(incs -isystem ${GUEST_RESOURCE}/include)
  foreach(i ${G_INCLUDES})
    list(APPEND incs -I${i})
  endforeach()
  foreach(src ${G_SOURCES})
    get_filename_component(abs ${src} ABSOLUTE)
    file(RELATIVE_PATH rel ${CMAKE_SOURCE_DIR} ${abs})
    set(obj ${GUEST_OUT}/${isa}/obj/${G_NAME}/${rel}.o)
    get_filename_component(dir ${obj} DIRECTORY)
    file(MAKE_DIRECTORY ${dir})
    # Assembly says itself which registers it names; clang 19 would not let it.
    set(flags ${G_FLAGS})
    if(src MATCHES "[.]S$")
      list(REMOVE_ITEM flags -mgeneral-regs-only)
    endif()
    add_custom_command(OUTPUT ${obj}
      COMMAND ${GUEST_CC} ${GUEST_TARGET_${isa}} ${GUEST_CFLAGS} ${flags} ${incs}
              -ffile-prefix-map=${CMAKE_SOURCE_DIR}/= -MD -MF ${obj}.d -c ${abs} -o ${obj}
      DEPENDS ${abs} DEPFILE ${obj}.d
      COMMENT "guest ${isa} ${rel}" VERBATIM)
    list(APPEND objs ${obj})
  endforeach()
  set(${out} ${objs} PARENT_SCOPE)
endfunction()

function(guest_archive isa)
  cmake_parse_arguments(G "" "NAME;TARGET" "OBJECTS" ${ARGN})
  if(NOT G_TARGET)
    set(G_TARGET ${G_NAME})
  endif()
  set(lib ${GUEST_OUT}/${isa}/lib${G_NAME}.a)
  add_custom_command(OUTPUT ${lib}
    COMMAND ${CMAKE_COMMAND} -E rm -f ${lib}
    COMMAND ${GUEST_AR} rcsD ${lib} ${G_OBJECTS}
    DEPENDS ${G_OBJECTS} COMMENT "guest ${isa} lib${G_NAME}.a" VERBATIM)
  add_custom_target(${G_TARGET}-${isa} ALL DEPENDS ${lib})
endfunction()

function(guest_executable isa)
  cmake_parse_arguments(G "" "NAME;SCRIPT" "OBJECTS;LIBS;FLAGS" ${ARGN})
  set(exe ${GUEST_OUT}/${isa}/${G_NAME})
  set(libs)
  foreach(l ${G_LIBS})
    list(APPEND libs ${GUEST_OUT}/${isa}/lib${l}.a)
  endforeach()
  add_custom_command(OUTPUT ${exe}
    COMMAND ${GUEST_LD} -flavor gnu -m ${GUEST_EMUL_${isa}} -static -nostdlib --gc-sections
            --build-id=none ${G_FLAGS} -T ${G_SCRIPT} -o ${exe} ${G_OBJECTS} --start-group ${libs} --end-group
    DEPENDS ${G_OBJECTS} ${libs} ${G_SCRIPT} COMMENT "guest ${isa} ${G_NAME}" VERBATIM)
  add_custom_target(${G_NAME}-${isa} ALL DEPENDS ${exe})
endfunction()
