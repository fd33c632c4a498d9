# Fails when the command needs a shared library that is not of C or C++.
# cmake -D command=PATH -D readelf=PATH -P needed_libraries.cmake
execute_process(COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C ${readelf} --dynamic ${command}
                OUTPUT_VARIABLE dynamic COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "NEEDED[^\n]*" needed "${dynamic}")
if(NOT needed)
  message(FATAL_ERROR "${command}: no needed library is listed, expected libc at least")
endif()
foreach(line IN LISTS needed)
  if(NOT line MATCHES "[[](libstdc[+][+]|libc[+][+]|libm|libgcc_s|libc|ld-linux[^.]*)[.]so")
    message(FATAL_ERROR "${command} needs another library: ${line}")
  endif()
endforeach()
