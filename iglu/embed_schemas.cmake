# cmake -DFOLDER=… -DOUTPUT=… -P embed_schemas.cmake
# Writes a C++ table of the files below FOLDER, sorted by path (see registry/builtin.h).
file(GLOB_RECURSE files RELATIVE ${FOLDER} ${FOLDER}/*-*-*)
list(SORT files COMPARE STRING CASE SENSITIVE)
list(LENGTH files count)
set(table "#include \"iglu/resolve/builtin_registry.h\"\n\n#include <array>\n\nnamespace snowline::iglu {\nnamespace {\n\n")
string(APPEND table "constexpr std::array<BuiltinSchema, ${count}> kSchemas = {{\n")
foreach(file IN LISTS files)
    file(READ ${FOLDER}/${file} text)
    string(APPEND table "    {\"${file}\",\n     R\"schema(${text})schema\"},\n")
endforeach()
string(APPEND table "}};\n\n}  // namespace\n\n")
string(APPEND table "std::span<const BuiltinSchema> builtin_schemas() { return kSchemas; }\n\n}  // namespace snowline::iglu\n")
file(WRITE ${OUTPUT} "${table}")
