# Lets CMake projects compile C and C++ through clcache. In a CMakeLists.txt, before or after project():
#
#   include(path/to/Clcache.cmake)
#
# or, without a change to any file: cmake -DCMAKE_PROJECT_INCLUDE=path/to/Clcache.cmake ...
#
# Options, for -D or set() before the include:
#   CLCACHE_ENABLED   OFF switches all of this off.
#   CLCACHE_PROGRAM   The program. Without it: the one that this file came with, else clcache from PATH.
#   CLCACHE_USE_Z7    OFF leaves /Zi as it is: such compiles share a .pdb and are not cached.
#
# Ninja and Makefiles get a compiler launcher. Visual Studio's generators have none: there, the cl.exe that MSBuild is
# told to run is clcache, under that name.

# For this file only: include() keeps it from the caller.
cmake_policy(VERSION 3.14)

option(CLCACHE_ENABLED "Compile through clcache" ON)
option(CLCACHE_USE_Z7 "Debug information in the objects (/Z7), so that they can be cached" ON)
if(NOT CLCACHE_ENABLED)
  return()
endif()

# The executable of the release folder, the npm package's script with its Node.js, or whatever is on PATH.
find_program(CLCACHE_PROGRAM NAMES clcache PATHS "${CMAKE_CURRENT_LIST_DIR}/.." NO_DEFAULT_PATH
             NO_CMAKE_FIND_ROOT_PATH DOC "The compiler cache clcache")
set(_clcache_launcher "${CLCACHE_PROGRAM}")
if(NOT CLCACHE_PROGRAM AND EXISTS "${CMAKE_CURRENT_LIST_DIR}/../clcache.js")
  find_program(CLCACHE_NODE NAMES node NO_CMAKE_FIND_ROOT_PATH DOC "The Node.js that runs clcache")
  if(CLCACHE_NODE)
    get_filename_component(_clcache_script "${CMAKE_CURRENT_LIST_DIR}/../clcache.js" ABSOLUTE)
    set(_clcache_launcher "${CLCACHE_NODE}" "${_clcache_script}")
  endif()
endif()
if(NOT _clcache_launcher)
  find_program(CLCACHE_PROGRAM NAMES clcache NO_CMAKE_FIND_ROOT_PATH)
  set(_clcache_launcher "${CLCACHE_PROGRAM}")
endif()
if(NOT _clcache_launcher)
  message(STATUS "clcache: not found (CLCACHE_PROGRAM); compiling without it")
  return()
endif()

# --- What has to stand before the languages are enabled ---

# From CMake 3.25 on, and with policy CMP0141, this decides how debug information is kept. Without that policy the
# flags say it; they are rewritten below.
if(CLCACHE_USE_Z7 AND NOT DEFINED CMAKE_MSVC_DEBUG_INFORMATION_FORMAT)
  set(CMAKE_MSVC_DEBUG_INFORMATION_FORMAT "$<$<CONFIG:Debug,RelWithDebInfo>:Embedded>")
endif()

if(NOT CMAKE_C_COMPILER_LOADED AND NOT CMAKE_CXX_COMPILER_LOADED)
  # The compiler is not known yet. project() comes back here when it is; a list of files is possible since CMake 3.29.
  if(NOT CMAKE_PROJECT_INCLUDE)
    set(CMAKE_PROJECT_INCLUDE "${CMAKE_CURRENT_LIST_FILE}")
    return()
  elseif(CMAKE_CURRENT_LIST_FILE IN_LIST CMAKE_PROJECT_INCLUDE)
    return()
  elseif(NOT CMAKE_VERSION VERSION_LESS 3.29)
    list(APPEND CMAKE_PROJECT_INCLUDE "${CMAKE_CURRENT_LIST_FILE}")
    return()
  endif()
endif()

# --- What can only be done once the compiler is known ---

set(_clcache_used OFF)
foreach(_clcache_language IN ITEMS C CXX)
  if(CMAKE_${_clcache_language}_COMPILER_LOADED
     AND NOT CMAKE_${_clcache_language}_COMPILER_ID STREQUAL "MSVC"
     AND NOT CMAKE_${_clcache_language}_COMPILER_FRONTEND_VARIANT STREQUAL "MSVC")
    message(STATUS "clcache: ${CMAKE_${_clcache_language}_COMPILER} is neither cl nor clang-cl; compiling without it")
  else()
    set(_clcache_used ON)
    if(CLCACHE_USE_Z7)
      # What CMake before 3.25, or without the policy, has put into the flags.
      foreach(_clcache_config IN ITEMS "" _DEBUG _RELEASE _RELWITHDEBINFO _MINSIZEREL)
        set(_clcache_flags CMAKE_${_clcache_language}_FLAGS${_clcache_config})
        if("${${_clcache_flags}}" MATCHES "(^| )[-/]Z[iI]( |$)")
          string(REGEX REPLACE "(^| )[-/]Z[iI]( |$)" "\\1/Z7\\2" ${_clcache_flags} "${${_clcache_flags}}")
        endif()
      endforeach()
    endif()
    if(NOT CMAKE_GENERATOR MATCHES "^Visual Studio" AND NOT CMAKE_${_clcache_language}_COMPILER_LAUNCHER)
      set(CMAKE_${_clcache_language}_COMPILER_LAUNCHER ${_clcache_launcher})
    endif()
  endif()
endforeach()

if(_clcache_used AND CMAKE_GENERATOR MATCHES "^Visual Studio" AND NOT CMAKE_VS_GLOBALS MATCHES "clcache")
  if(NOT CLCACHE_PROGRAM MATCHES "\\.exe$")
    message(STATUS "clcache: MSBuild can only start clcache.exe (CLCACHE_PROGRAM); compiling without it")
  elseif(CMAKE_GENERATOR_TOOLSET MATCHES "ClangCL")
    # This toolset sets the tool itself, later than a project's globals: that takes the props file.
    set(_clcache_props "${CMAKE_CURRENT_LIST_DIR}/../msbuild/clcache.props")
    if(EXISTS "${_clcache_props}")
      get_filename_component(_clcache_props "${_clcache_props}" ABSOLUTE)
      list(APPEND CMAKE_VS_GLOBALS
           "ForceImportBeforeCppTargets=${_clcache_props}"
           "ClcachePath=${CLCACHE_PROGRAM}"
           "ClcacheToolPath=${CMAKE_BINARY_DIR}/clcache/")
    else()
      message(STATUS "clcache: ${_clcache_props} is missing; compiling without it")
    endif()
  else()
    # Under the compiler's own name, or MSBuild's file tracking breaks; why is told in msbuild/clcache.props.
    file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/clcache")
    file(CREATE_LINK "${CLCACHE_PROGRAM}" "${CMAKE_BINARY_DIR}/clcache/cl.exe" COPY_ON_ERROR RESULT _clcache_result)
    if(EXISTS "${CMAKE_BINARY_DIR}/clcache/cl.exe")
      list(APPEND CMAKE_VS_GLOBALS
           "CLToolExe=cl.exe"
           "CLToolPath=${CMAKE_BINARY_DIR}/clcache"
           # All sources of a target in one call, as MSBuild does it by itself: one start, shared header hashes.
           "UseMultiToolTask=false")
    else()
      message(STATUS "clcache: no cl.exe in the build folder (${_clcache_result}); compiling without it")
    endif()
  endif()
endif()
