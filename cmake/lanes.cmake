# Files named *.lanes.cpp hold the kernels. Each is compiled once for every instruction set of the architecture, by flags
# alone, in a namespace of its own (NEURONE_LANES); the program picks one set when it starts (core/instruction_set.h).
# Highway wants AES and PCLMUL beside AVX2 and AVX-512, as every processor with them has; without these flags it would
# fall back to less.
find_path(HIGHWAY_INCLUDE hwy/highway.h REQUIRED)  # the package libhwy-dev; headers are all that is used

set(instruction_sets baseline)
set(flags_baseline "")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  list(APPEND instruction_sets avx2 avx512)
  set(flags_baseline -DHWY_COMPILE_ONLY_SCALAR)  # Highway would choose so for g++ 12, and another way for clang
  set(flags_avx2 -march=x86-64-v3 -maes -mpclmul)
  set(flags_avx512 -march=x86-64-v4 -maes -mpclmul)
endif()

function(neurone_add_lanes target)
  foreach(set IN LISTS instruction_sets)
    add_library(neurone_${set} OBJECT ${ARGN})
    target_compile_features(neurone_${set} PRIVATE cxx_std_20)
    target_include_directories(neurone_${set} PRIVATE ${PROJECT_SOURCE_DIR})
    target_include_directories(neurone_${set} SYSTEM PRIVATE ${HIGHWAY_INCLUDE})
    target_compile_definitions(neurone_${set} PRIVATE NEURONE_LANES=${set})
    # -Wno-maybe-uninitialized: g++ does not know that a row has a column
    # optimised in every build: a kernel that is not inlined would be shared between the sets
    target_compile_options(neurone_${set} PRIVATE ${flags_${set}} -O3 -ffp-contract=off -fno-sanitize=all
                                                  -Wno-ignored-attributes
                                                  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
    neurone_warnings(neurone_${set})
    set_target_properties(neurone_${set} PROPERTIES UNITY_BUILD ${NEURONE_UNITY})
    target_sources(${target} PRIVATE $<TARGET_OBJECTS:neurone_${set}>)
  endforeach()
endfunction()
