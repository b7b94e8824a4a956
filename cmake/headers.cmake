# Heavy headers of others, parsed once a build instead of once a file. Off by default: without it every file has to stand on
# its own includes, which tools/tidy checks.
option(SW_HEADERS "Parse the heavy headers once (precompiled)" OFF)
set(SW_HEADERS_STD <algorithm> <array> <chrono> <deque> <filesystem> <functional> <map> <memory> <optional> <set> <span>
                   <string> <string_view> <utility> <variant> <vector>)
# Of a precompiled header g++ 12 forgets that it is the system's, and then warns in it of overflows that are not there.
if(SW_HEADERS AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(sw_flags INTERFACE -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread -Wno-restrict)
endif()

# sw_headers(TARGET FROM OWNER): takes what OWNER parsed.  sw_headers(TARGET HEADERS...): parses them, and the standard library's.
function(sw_headers target)
  if(NOT SW_HEADERS)
    return()
  endif()
  if("${ARGV1}" STREQUAL FROM)
    target_precompile_headers(${target} REUSE_FROM ${ARGV2})
  else()
    target_precompile_headers(${target} PRIVATE ${SW_HEADERS_STD} ${ARGN})
  endif()
endfunction()
