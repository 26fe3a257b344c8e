# SPDX-License-Identifier: Apache-2.0
# Warnings, sanitizers, ccache and mold, and the libraries of packages.txt group build.

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()

# Functions of libraries are looked up once, not again in each of a run's workers.
add_link_options(-Wl,-z,now)
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 sees overlapping copies in std::string where there are none (GCC bug 105651).
  add_compile_options(-Wno-restrict)
endif()
if(METERBENCH_SANITIZE)
  add_compile_options(-fsanitize=${METERBENCH_SANITIZE} -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${METERBENCH_SANITIZE})
  add_compile_definitions(METERBENCH_SANITIZED)
endif()

find_package(PkgConfig REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(pugixml REQUIRED)
pkg_check_modules(CRYPTOPP REQUIRED IMPORTED_TARGET libcrypto++)
pkg_check_modules(SYSTEMC REQUIRED IMPORTED_TARGET systemc)
pkg_check_modules(LUA REQUIRED IMPORTED_TARGET lua5.4)

# Debian builds libsystemc as C++17; the library checks the standard at link time.
add_library(systemc_kernel INTERFACE)
target_link_libraries(systemc_kernel INTERFACE PkgConfig::SYSTEMC)
target_compile_definitions(systemc_kernel INTERFACE SC_CPLUSPLUS=201703L
                                                    SC_INCLUDE_DYNAMIC_PROCESSES)
get_target_property(_systemc_includes PkgConfig::SYSTEMC INTERFACE_INCLUDE_DIRECTORIES)
if(_systemc_includes)
  target_include_directories(systemc_kernel SYSTEM INTERFACE ${_systemc_includes})
endif()
