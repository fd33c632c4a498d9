# Installs the build into an empty folder and builds and runs the program beside this file against it.
# cmake -D build=DIR -D generator=NAME -D compiler=PATH -D flags=FLAGS -D type=NAME -P run.cmake
set(stage ${build}/tests/install)
file(REMOVE_RECURSE ${stage}/prefix ${stage}/consumer)

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

run(${CMAKE_COMMAND} --install ${build} --prefix ${stage}/prefix)
run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${stage}/consumer -G ${generator}
    -DCMAKE_PREFIX_PATH=${stage}/prefix -DCMAKE_CXX_COMPILER=${compiler} -DCMAKE_CXX_FLAGS=${flags}
    -DCMAKE_BUILD_TYPE=${type})
run(${CMAKE_COMMAND} --build ${stage}/consumer)
run(${stage}/consumer/consumer)
