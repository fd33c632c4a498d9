# The warnings of the project, errors where NEURONE_STRICT asks for it (make check).
function(neurone_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
                                           -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -Wno-restrict)  # g++ 12 is wrong about "text" + std::string
  endif()
  if(NEURONE_STRICT)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()
