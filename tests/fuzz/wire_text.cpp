// Subjects of the bus, percent-encoding, and lines that come in pieces of any size.
#include "cluster/http.hpp"
#include "cluster/line_splitter.hpp"
#include "cluster/subjects.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <vector>

using namespace skein;
using namespace skein::fuzz;

namespace {

std::vector<std::string> lines_of(std::string_view bytes, std::size_t piece) {
  std::vector<std::string> lines;
  cluster::line_splitter splitter{[&](std::string_view line) { lines.emplace_back(line); }, 200};
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size())))
    splitter.feed(bytes.substr(0, piece));
  splitter.finish();
  return lines;
}

} // namespace

SKEIN_FUZZ(wire_text, bytes) {
  const auto piece = 1 + take_byte(bytes) % 16;
  must(lines_of(bytes, piece) == lines_of(bytes, bytes.size() + 1), "pieces make no difference");
  if (const auto token = cluster::encode_token(bytes))
    must(cluster::decode_token(*token) == std::string{bytes}, "a name has a token");
  if (const auto name = cluster::decode_token(bytes))
    must(cluster::encode_token(*name) == std::string{bytes}, "a token has one spelling");
  std::string decoded;
  if (cluster::percent_decode(std::string{bytes}, false, decoded))
    must(decoded.size() <= bytes.size(), "decoding makes nothing longer");
}
