# The warnings of the project, errors where NEURONE_STRICT asks for it (make check).
function(neurone_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
                                           -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual)
  if(NEURONE_STRICT)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()
