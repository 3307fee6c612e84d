# Lets CMake projects compile C and C++ through clcache. In a CMakeLists.txt, before or after project():
#
#   include(path/to/Clcache.cmake)
#
# or, without a change to any file: cmake -DCMAKE_PROJECT_INCLUDE=path/to/Clcache.cmake ...
#
# Options, for -D or set() before the include:
#   CLCACHE_ENABLED   OFF switches all of this off.
#   CLCACHE_PROGRAM   The program. Without it: the one that this file came with, else clcache from PATH.
#   CLCACHE_PCH_BY_CONTENT   ON lets clang-cl leave times out of precompiled headers, so that they are hits after a
#                     checkout and in another build folder. See the README.
#   CLCACHE_PCH       ON caches precompiled headers of cl with /Z7 or without debug information.
#   CLCACHE_PDB       1 or per-object caches /Zi with a program database of its own. Set CLCACHE_USE_Z7 to OFF with it.
#   CLCACHE_USE_Z7    OFF leaves /Zi as it is: such compiles share a .pdb and are not cached.
#
# A language that is enabled later, by enable_language() or by the project() of a subfolder, gets the launcher too. Include
# this file once more after that if CMake is older than 3.25, so that /Zi becomes /Z7 there as well.
#
# The target clcache-summary says in one line what the last build gained and lost: cmake --build . --target clcache-summary
#
# Ninja and Makefiles get a compiler launcher. Visual Studio's generators have none: there, the cl.exe that MSBuild is
# told to run is clcache, under that name. For CLCACHE_PCH, CLCACHE_PDB and the ClangCL toolset, the projects import
# msbuild/clcache.props. All this reaches only targets that are added after the include; others are named.

# This file sets no policy and asks for none. CMake gives it no policy scope of its own where a project includes it
# before project(), or through CMAKE_PROJECT_INCLUDE: a policy set here would stay set in the project. So what stands
# below means the same under every policy: no IN_LIST (CMP0057), nothing in quotes that may be a variable's name
# (CMP0054), and no option() over a variable that is set (CMP0077).

if(NOT DEFINED CLCACHE_ENABLED)
  option(CLCACHE_ENABLED "Compile through clcache" ON)
endif()
if(NOT DEFINED CLCACHE_USE_Z7)
  option(CLCACHE_USE_Z7 "Debug information in the objects (/Z7), so that they can be cached" ON)
endif()
if(NOT DEFINED CLCACHE_PCH_BY_CONTENT)
  option(CLCACHE_PCH_BY_CONTENT "No times in precompiled headers of clang-cl (-fno-pch-timestamp)" OFF)
endif()
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

# Settings are variables of the compiler's calls. The launcher sets them, or the props file by its properties.
set(_clcache_settings "")
set(_clcache_properties "")
foreach(_clcache_setting IN ITEMS Pch Pdb)
  string(TOUPPER "CLCACHE_${_clcache_setting}" _clcache_variable)
  if(${_clcache_variable})
    list(APPEND _clcache_settings "${_clcache_variable}=${${_clcache_variable}}")
    list(APPEND _clcache_properties "Clcache${_clcache_setting}=${${_clcache_variable}}")
  endif()
endforeach()
if(_clcache_settings)
  list(INSERT _clcache_launcher 0 "${CMAKE_COMMAND}" -E env ${_clcache_settings})
endif()

# --- What has to stand before the languages are enabled ---

# From CMake 3.25 on, and with policy CMP0141, this decides how debug information is kept. Without that policy the
# flags say it; they are rewritten below.
if(CLCACHE_USE_Z7 AND NOT DEFINED CMAKE_MSVC_DEBUG_INFORMATION_FORMAT)
  set(CMAKE_MSVC_DEBUG_INFORMATION_FORMAT "$<$<CONFIG:Debug,RelWithDebInfo>:Embedded>")
endif()

if(NOT DEFINED PROJECT_NAME AND NOT CMAKE_C_COMPILER_LOADED AND NOT CMAKE_CXX_COMPILER_LOADED)
  # The compiler is not known yet. project() comes back here when it is; a list of files is possible since CMake 3.29.
  list(FIND CMAKE_PROJECT_INCLUDE "${CMAKE_CURRENT_LIST_FILE}" _clcache_place)
  if(NOT _clcache_place LESS 0)
    return()
  elseif(NOT CMAKE_PROJECT_INCLUDE OR NOT CMAKE_VERSION VERSION_LESS 3.29)
    list(APPEND CMAKE_PROJECT_INCLUDE "${CMAKE_CURRENT_LIST_FILE}")
    return()
  endif()
endif()

# --- What can be done once project() knows the compiler. A language that it did not enable may come later. ---

# Also the configurations that a project has invented. Their flags are rewritten if they are set by now.
set(_clcache_configs "")
foreach(_clcache_config IN ITEMS DEBUG RELEASE RELWITHDEBINFO MINSIZEREL ${CMAKE_CONFIGURATION_TYPES} ${CMAKE_BUILD_TYPE})
  string(TOUPPER "_${_clcache_config}" _clcache_config)
  list(APPEND _clcache_configs "${_clcache_config}")
endforeach()

# A toolset of Visual Studio that is not Microsoft's own or ClangCL (LLVM_v143) runs a program of its own.
set(_clcache_toolset "${CMAKE_VS_PLATFORM_TOOLSET}")
if(NOT _clcache_toolset)
  string(REGEX REPLACE ",.*" "" _clcache_toolset "${CMAKE_GENERATOR_TOOLSET}")
endif()
if(CMAKE_GENERATOR MATCHES "^Visual Studio"
   AND _clcache_toolset AND NOT _clcache_toolset MATCHES "^v[0-9]|^ClangCL$|=")
  message(STATUS "clcache: the toolset ${_clcache_toolset} is neither Visual C++ nor ClangCL; compiling without it")
  return()
endif()

set(_clcache_used OFF)
set(_clcache_begins OFF)
foreach(_clcache_language IN ITEMS C CXX)
  if(CMAKE_${_clcache_language}_COMPILER_LOADED
     AND NOT CMAKE_${_clcache_language}_COMPILER_ID MATCHES "^MSVC$"
     AND NOT CMAKE_${_clcache_language}_COMPILER_FRONTEND_VARIANT MATCHES "^MSVC$")
    if(CMAKE_${_clcache_language}_COMPILER MATCHES "clang-cl[^/]*$")
      # Its target is another system, and CMake asks only for the options of GNU compilers then, such as -MD -MF.
      message(STATUS "clcache: CMake gives ${CMAKE_${_clcache_language}_COMPILER} options that it misreads, since its "
                     "target is not Windows: use clang; compiling without clcache")
    else()
      message(STATUS "clcache: ${CMAKE_${_clcache_language}_COMPILER} is neither cl nor clang-cl; compiling without it")
    endif()
  else()
    set(_clcache_used ON)
    if(CLCACHE_PCH_BY_CONTENT
       AND CMAKE_${_clcache_language}_COMPILER_ID MATCHES "^Clang$"
       AND NOT CMAKE_${_clcache_language}_FLAGS MATCHES "-fno-pch-timestamp")
      string(APPEND CMAKE_${_clcache_language}_FLAGS " -Xclang -fno-pch-timestamp")
    endif()
    if(CLCACHE_USE_Z7)
      # What CMake before 3.25, or without the policy, has put into the flags.
      foreach(_clcache_config IN ITEMS "" ${_clcache_configs})
        set(_clcache_flags CMAKE_${_clcache_language}_FLAGS${_clcache_config})
        if(${_clcache_flags} MATCHES "(^| )[-/]Z[iI]( |$)")
          string(REGEX REPLACE "(^| )[-/]Z[iI]( |$)" "\\1/Z7\\2" ${_clcache_flags} "${${_clcache_flags}}")
        endif()
      endforeach()
    endif()
    if(NOT CMAKE_GENERATOR MATCHES "^Visual Studio" AND NOT CMAKE_${_clcache_language}_COMPILER_LAUNCHER)
      set(CMAKE_${_clcache_language}_COMPILER_LAUNCHER ${_clcache_launcher})
      set(_clcache_begins ON)
    endif()
  endif()
endforeach()

# Told already, or the project names a tool of its own.
set(_clcache_told "(^|;)(ClcachePath|CLToolPath)=")
if(_clcache_used AND CMAKE_GENERATOR MATCHES "^Visual Studio" AND NOT CMAKE_VS_GLOBALS MATCHES "${_clcache_told}")
  get_filename_component(_clcache_props "${CMAKE_CURRENT_LIST_DIR}/../msbuild/clcache.props" ABSOLUTE)
  set(_clcache_imports OFF)
  # The ClangCL toolset sets the tool itself, later than a project's globals, and only targets can set variables.
  if(CMAKE_GENERATOR_TOOLSET MATCHES "ClangCL" OR _clcache_properties)
    set(_clcache_imports ON)
  endif()
  if(NOT CLCACHE_PROGRAM MATCHES "\\.exe$")
    message(STATUS "clcache: MSBuild can only start clcache.exe (CLCACHE_PROGRAM); compiling without it")
  elseif(_clcache_imports AND NOT EXISTS "${_clcache_props}")
    message(STATUS "clcache: ${_clcache_props} is missing; compiling without it")
  elseif(_clcache_imports)
    # One file can be imported so. If the project names one itself, a file that imports both takes its place.
    string(REGEX MATCH "(^|;)ForceImportBeforeCppTargets=([^;]+)" _clcache_own "${CMAKE_VS_GLOBALS}")
    if(_clcache_own)
      set(_clcache_own "${CMAKE_MATCH_2}")
      list(FILTER CMAKE_VS_GLOBALS EXCLUDE REGEX "^ForceImportBeforeCppTargets=")
      file(WRITE "${CMAKE_BINARY_DIR}/clcache/both.props"
           "<Project xmlns=\"http://schemas.microsoft.com/developer/msbuild/2003\">\n"
           "  <Import Project=\"${_clcache_own}\" />\n  <Import Project=\"${_clcache_props}\" />\n</Project>\n")
      set(_clcache_props "${CMAKE_BINARY_DIR}/clcache/both.props")
    endif()
    file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/clcache")
    list(APPEND CMAKE_VS_GLOBALS
         "ForceImportBeforeCppTargets=${_clcache_props}"
         "ClcachePath=${CLCACHE_PROGRAM}"
         "ClcacheToolPath=${CMAKE_BINARY_DIR}/clcache/"
         ${_clcache_properties})
  else()
    # Under the compiler's own name, or MSBuild's file tracking breaks; why is told in msbuild/clcache.props.
    file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/clcache")
    file(CREATE_LINK "${CLCACHE_PROGRAM}" "${CMAKE_BINARY_DIR}/clcache/cl.exe" COPY_ON_ERROR RESULT _clcache_result)
    if(EXISTS "${CMAKE_BINARY_DIR}/clcache/cl.exe")
      # A server that is cl itself, and messages to a pipe that a hit cannot send: as in msbuild/clcache.props.
      list(APPEND CMAKE_VS_GLOBALS
           "CLToolExe=cl.exe"
           "CLToolPath=${CMAKE_BINARY_DIR}/clcache"
           "EnableClServerMode=false"
           "UseStructuredOutput=false")
      # All sources of a target in one call, as MSBuild does it by itself: one start, shared header hashes.
      if(NOT CMAKE_VS_GLOBALS MATCHES "(^|;)UseMultiToolTask=")
        list(APPEND CMAKE_VS_GLOBALS "UseMultiToolTask=false")
      endif()
    else()
      message(STATUS "clcache: no cl.exe in the build folder (${_clcache_result}); compiling without it")
    endif()
  endif()
  if(CMAKE_VS_GLOBALS MATCHES "${_clcache_told}")
    set(_clcache_begins ON)
  endif()
endif()

# Targets take launchers and properties when they are added.
if(_clcache_begins)
  get_property(_clcache_targets DIRECTORY PROPERTY BUILDSYSTEM_TARGETS)
  get_property(_clcache_folders DIRECTORY PROPERTY SUBDIRECTORIES)
  while(_clcache_folders)
    list(GET _clcache_folders 0 _clcache_folder)
    list(REMOVE_AT _clcache_folders 0)
    get_property(_clcache_found DIRECTORY "${_clcache_folder}" PROPERTY BUILDSYSTEM_TARGETS)
    list(APPEND _clcache_targets ${_clcache_found})
    get_property(_clcache_found DIRECTORY "${_clcache_folder}" PROPERTY SUBDIRECTORIES)
    list(APPEND _clcache_folders ${_clcache_found})
  endwhile()
  if(_clcache_targets)
    list(REMOVE_ITEM _clcache_targets clcache-summary)
  endif()
  if(_clcache_targets)
    message(STATUS "clcache: included after these targets, which compile without it: ${_clcache_targets}")
  endif()
endif()

if(NOT CMAKE_SCRIPT_MODE_FILE AND NOT TARGET clcache-summary)
  add_custom_target(clcache-summary COMMAND ${_clcache_launcher} --summary VERBATIM)
endif()
