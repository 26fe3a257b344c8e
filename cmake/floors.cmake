# SPDX-License-Identifier: Apache-2.0
# One static library a floor. A floor sees the floors named after it and no others.

function(meterbench_floor name)
  cmake_parse_arguments(FLOOR "" "" "ON;USES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${name}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_library(mb_${name} STATIC ${sources})
  target_include_directories(mb_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  list(TRANSFORM FLOOR_ON PREPEND mb_)
  target_link_libraries(mb_${name} PUBLIC ${FLOOR_ON} PRIVATE ${FLOOR_USES})
endfunction()

meterbench_floor(core USES PkgConfig::CRYPTOPP)
# Every byte goes through the core: a few percent are worth its compiling longer.
if(NOT METERBENCH_SANITIZE)
  target_compile_options(mb_core PRIVATE $<$<CONFIG:RelWithDebInfo>:-O3>)
  if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Where a branch lies across 32 bytes, many processors do not keep what they decoded.
    target_compile_options(mb_core PRIVATE -Wa,-mbranches-within-32B-boundaries)
  endif()
endif()
meterbench_floor(formats ON core USES nlohmann_json::nlohmann_json fmt::fmt)
meterbench_floor(rig ON core)
meterbench_floor(hil ON rig core USES fmt::fmt)
meterbench_floor(sim ON rig core USES systemc_kernel)
meterbench_floor(models ON sim rig formats core USES systemc_kernel fmt::fmt)
meterbench_floor(harness ON rig formats core USES PkgConfig::LUA fmt::fmt)
meterbench_floor(reports ON harness formats core USES nlohmann_json::nlohmann_json pugixml::pugixml
                                                      fmt::fmt)

# Where data is found when the command runs from the build tree.
set_source_files_properties(${PROJECT_SOURCE_DIR}/formats/data_path.cpp PROPERTIES
  COMPILE_DEFINITIONS METERBENCH_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
meterbench_embed(mb_harness harness/lua/prelude.lua prelude_source meterbench::harness::lua)
