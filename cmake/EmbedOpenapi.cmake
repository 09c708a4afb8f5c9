# Writes FROM as a function of C++ to TO. As bytes: a string literal has a limit.
file(READ ${FROM} text HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${text}")
string(REPEAT "." 80 line)
string(REGEX REPLACE "(${line})" "\\1\n" bytes "${bytes}")
file(WRITE ${TO} "#include \"actors/api/openapi.hpp\"

namespace skein::actors {

namespace {
constexpr unsigned char document[] = {
${bytes}
};
} // namespace

std::string_view openapi_document() {
  return {reinterpret_cast<const char*>(document), sizeof document};
}

} // namespace skein::actors
")
