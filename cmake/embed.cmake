# SPDX-License-Identifier: Apache-2.0
# Puts a text file into a floor's library as `extern const std::string_view NAME`.

function(meterbench_embed target file name namespace)
  set(source ${PROJECT_SOURCE_DIR}/${file})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
  file(READ ${source} text)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded/${name}.cpp)
  file(WRITE ${output}.new "// Made from ${file}\n#include <string_view>\nnamespace ${namespace} {\nextern const std::string_view ${name};\nconst std::string_view ${name}{R\"embedded(${text})embedded\"};\n}\n")
  file(COPY_FILE ${output}.new ${output} ONLY_IF_DIFFERENT)
  target_sources(${target} PRIVATE ${output})
endfunction()
