# Flags every target gets. Hardening is on in release builds.
add_library(sw_flags INTERFACE)
target_compile_options(sw_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow
                                          -Wswitch-enum -Werror -fno-omit-frame-pointer)
target_compile_definitions(sw_flags INTERFACE _GLIBCXX_ASSERTIONS BOOST_ASIO_NO_DEPRECATED
                                              BOOST_ASIO_DISABLE_IO_URING)
if(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  target_compile_options(sw_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong
                                            -fstack-clash-protection -fPIE -ffunction-sections -fdata-sections)
  target_link_options(sw_flags INTERFACE -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,pack-relative-relocs,--gc-sections)
endif()
if(SW_SANITIZE)
  target_compile_options(sw_flags INTERFACE -fsanitize=${SW_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(sw_flags INTERFACE -fsanitize=${SW_SANITIZE})
endif()
