# Puts into /layer what the image gets: files of the build folder, or the programs among the targets with the project's own
# shared libraries that they need.
cmake_minimum_required(VERSION 3.19)
include("${CMAKE_CURRENT_LIST_DIR}/wanted.cmake")

# Copies with links and modes as they are.
function(copy)
  execute_process(COMMAND cp -a ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

function(install_files file dest)
  file(GLOB found LIST_DIRECTORIES true "${BUILD}/${file}")
  if(NOT found)
    message(FATAL_ERROR "  `${file}` is not in the build folder: was it among what is built?")
  endif()
  list(LENGTH found count)
  if(dest MATCHES "/$" OR count GREATER 1)
    file(MAKE_DIRECTORY "/layer${dest}")
  else()
    get_filename_component(folder "${dest}" DIRECTORY)
    file(MAKE_DIRECTORY "/layer${folder}")
  endif()
  copy(${found} "/layer${dest}")
endfunction()

if(FILES)
  while(FILES)
    list(POP_FRONT FILES file dest)
    install_files("${file}" "${dest}")
  endwhile()
  return()
endif()

include("${BUILD}/modelcrate.cmake")
file(GET_RUNTIME_DEPENDENCIES EXECUTABLES ${programs} LIBRARIES ${libraries}
  RESOLVED_DEPENDENCIES_VAR needed UNRESOLVED_DEPENDENCIES_VAR missing CONFLICTING_DEPENDENCIES_PREFIX conflicts)
list(FILTER needed INCLUDE REGEX "^${BUILD}/")
foreach(program IN LISTS programs)
  file(INSTALL "${program}" DESTINATION /layer/usr/local/bin TYPE EXECUTABLE)
endforeach()
foreach(library IN LISTS libraries needed)
  file(INSTALL "${library}" DESTINATION /layer/usr/local/lib TYPE SHARED_LIBRARY FOLLOW_SYMLINK_CHAIN)
endforeach()
