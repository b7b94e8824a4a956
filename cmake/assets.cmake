# sw_assets(TARGET FOLDER): every file of FOLDER becomes a part of TARGET, found by its path (faces/api/assets.hpp). Works
# with nothing there, and takes up a folder that comes later with the next build.
function(sw_assets target folder)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${folder}/*)
  set(declared "")
  set(placed "")
  set(rows "")
  set(number 0)
  foreach(file IN LISTS files)
    file(RELATIVE_PATH path ${folder} ${file})
    set(name sw_asset_${number})
    string(APPEND declared "extern const std::uint8_t ${name}[];\nextern const std::uint8_t ${name}_end[];\n")
    string(APPEND placed "asm(R\"(.pushsection .rodata\n.global ${name}, ${name}_end\n${name}:\n.incbin \"${file}\"\n${name}_end:\n.byte 0\n.popsection)\");\n")
    string(APPEND rows "      {\"${path}\", {${name}, ${name}_end}},\n")
    math(EXPR number "${number} + 1")
  endforeach()
  set(output ${CMAKE_CURRENT_BINARY_DIR}/assets.cpp)
  file(CONFIGURE OUTPUT ${output} @ONLY CONTENT [=[
#include "faces/api/assets.hpp"

#include <vector>

extern "C" {
@declared@}
@placed@
namespace sw::faces {

std::span<const Asset> assets() {
  static const std::vector<Asset> all{
@rows@  };
  return all;
}

}  // namespace sw::faces
]=])
  set_source_files_properties(${output} PROPERTIES OBJECT_DEPENDS "${files}")
  target_sources(${target} PRIVATE ${output})
endfunction()
