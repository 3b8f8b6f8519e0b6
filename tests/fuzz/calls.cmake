# SPDX-License-Identifier: GPL-2.0-or-later
# Fuzzers of the exokernel's calls, once for each kind of MMU; seeds/calls-* are kept failures.
# EXOSIM_FUZZ_SECONDS: how long each runs as a test.
set(EXOSIM_FUZZ_SECONDS 30 CACHE STRING "seconds each call fuzzer runs in the tests")
file(GLOB fuzz_calls_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/calls*.c)
foreach(kind ${KINDS_MMU})
  if(TARGET exo_host_${kind})
    add_executable(fuzz_calls_${kind} ${fuzz_calls_sources})
    target_link_libraries(fuzz_calls_${kind} PRIVATE strict_flags exo_host_${kind})
    add_test(NAME fuzz_calls_${kind} COMMAND fuzz_calls_${kind} --seconds ${EXOSIM_FUZZ_SECONDS})
    set_tests_properties(fuzz_calls_${kind} PROPERTIES LABELS fuzz TIMEOUT 300)
    file(GLOB fuzz_calls_kept CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/seeds/calls-${kind}*)
    if(fuzz_calls_kept)
      add_test(NAME fuzz_calls_${kind}_kept COMMAND fuzz_calls_${kind} ${fuzz_calls_kept})
      set_tests_properties(fuzz_calls_${kind}_kept PROPERTIES LABELS fuzz TIMEOUT 300)
    endif()
  endif()
endforeach()

# Packet filters: exo/core/bpf.c and filter_*.c. Longer: fuzz_filter --seconds 3600.
if(TARGET exo_host_softtlb)
  add_executable(fuzz_filter filter.c filter_gen.c)
  target_link_libraries(fuzz_filter PRIVATE strict_flags exo_host_softtlb)
  add_test(NAME fuzz_filter COMMAND fuzz_filter --seconds 10)
  set_tests_properties(fuzz_filter PROPERTIES LABELS fuzz TIMEOUT 120)
endif()
