# snowline_room(NAME [LINKS target...] [EDGES target...])
# One static library a room, made of the room's .cpp files. LINKS are visible to the rooms above (other rooms, header
# libraries that appear in our headers); EDGES are third-party libraries that stay inside this room's .cpp files.
# Programs' main.cpp files are not part of a room.
# Designated initialisers that name only what differs from the defaults are the house's style.
set(SNOWLINE_WARNINGS -Wall -Wextra -Werror -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC 12 warns of overlapping copies inside std::string that cannot be (GCC bug 105651).
    list(APPEND SNOWLINE_WARNINGS -Wno-restrict)
endif()

# What every test includes (Catch2 above all) is parsed once a test program: it is most of what a test costs to compile. Rooms
# are compiled without: there GCC 12, with optimisation, warns of overruns in the standard library that are none. Tests still
# name what they use: the builds without precompiled headers (presets dev and fuzz) fail where one does not.
option(SNOWLINE_PRECOMPILE "Precompile the headers that every test includes" ON)
set(SNOWLINE_PRECOMPILED <algorithm> <array> <chrono> <cstdint> <functional> <map> <memory> <optional> <span> <string>
                         <string_view> <utility> <variant> <vector> <fmt/format.h> <tl/expected.hpp>)
function(snowline_precompile target)
    if(SNOWLINE_PRECOMPILE)
        target_precompile_headers(${target} PRIVATE ${SNOWLINE_PRECOMPILED} ${ARGN})
        if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
            target_compile_options(${target} PRIVATE -fpch-preprocess)  # so that ccache can tell what a source includes
        endif()
    endif()
endfunction()

function(snowline_room name)
    cmake_parse_arguments(ROOM "" "" "LINKS;EDGES" ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
    list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
    if(NOT sources)
        add_library(snowline_${name} INTERFACE)
        add_library(snowline::${name} ALIAS snowline_${name})
        target_link_libraries(snowline_${name} INTERFACE ${ROOM_LINKS})
        return()
    endif()
    add_library(snowline_${name} STATIC ${sources})
    add_library(snowline::${name} ALIAS snowline_${name})
    target_include_directories(snowline_${name} PUBLIC ${CMAKE_SOURCE_DIR})
    target_compile_options(snowline_${name} PRIVATE ${SNOWLINE_WARNINGS})
    target_link_libraries(snowline_${name} PUBLIC ${ROOM_LINKS} PRIVATE ${ROOM_EDGES})
endfunction()

# snowline_program(NAME main.cpp LINKS target...)
function(snowline_program name main)
    cmake_parse_arguments(PROGRAM "" "" "LINKS" ${ARGN})
    add_executable(${name} ${main})
    target_compile_options(${name} PRIVATE ${SNOWLINE_WARNINGS})
    target_link_libraries(${name} PRIVATE ${PROGRAM_LINKS})
endfunction()
