#include "store/export_reader.hpp"

#include "store/compression.hpp"

#include <fmt/format.h>

namespace skein::store {

namespace {

namespace fs = std::filesystem;

} // namespace

export_reader::export_reader(const fs::path& path) : path_{path}, in_{path, std::ios::binary} {
  std::error_code error;
  file_bytes_ = fs::file_size(path, error);
  if (error)
    in_.setstate(std::ios::failbit);
}

expected<std::unique_ptr<export_reader>> export_reader::open(const fs::path& path) {
  std::unique_ptr<export_reader> reader{new export_reader{path}};
  if (!reader->in_)
    return fail(
        fmt::format("{} cannot be read: name a file that skein log export wrote", path.string()));
  if (auto header = reader->read_header(); !header)
    return tl::unexpected{header.error()};
  return reader;
}

expected<void> export_reader::read_header() {
  std::string found(exported::magic.size(), '\0');
  in_.read(found.data(), static_cast<std::streamsize>(found.size()));
  at_ = found.size();
  if (!in_ || found != exported::magic)
    return fail(fmt::format("{} is not an exported log: it does not begin with {}", path_.string(),
                            exported::magic));
  auto section = read_section();
  if (!section)
    return tl::unexpected{section.error()};
  const auto* header = std::get_if<exported::header>(&*section);
  if (!header)
    return refuse("it does not begin with a header");
  if (header->format != exported::format)
    return fail(fmt::format("{} is an export of format {}, and this version of Skein reads format "
                            "{}; use the version that wrote it",
                            path_.string(), header->format, exported::format));
  header_ = *header;
  tally_ = export_tally{header_};
  whole_bytes_ = at_;
  return {};
}

expected<uint64_t> export_reader::read_length() {
  std::string bytes;
  uint64_t length = 0;
  for (std::string_view view; view = bytes, !exported::take_varint(view, length);) {
    const auto next = in_.get();
    if (!in_ || bytes.size() == 10)
      return refuse(fmt::format("it ends after sequence {}, without its trailer",
                                tally_.next_sequence() - 1));
    bytes += static_cast<char>(next);
    ++at_;
  }
  if (length > exported::section_bytes_max || length > file_bytes_ - at_)
    return refuse(
        fmt::format("what follows sequence {} is not all there", tally_.next_sequence() - 1));
  return length;
}

expected<exported::section> export_reader::read_section() {
  const auto start = at_;
  const auto length = read_length();
  if (!length)
    return tl::unexpected{length.error()};
  std::string bytes(*length, '\0');
  in_.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!in_)
    return refuse("it cannot be read to its end");
  at_ += bytes.size();
  auto section = exported::decode_section(bytes);
  if (!section)
    return refuse(fmt::format("what follows sequence {} is not whole: {}",
                              tally_.next_sequence() - 1, section.error().what));
  // A length that is written longer than it needs to be would go unnoticed otherwise.
  if (exported::encode(*section).size() != at_ - start)
    return refuse("a length in it is not as Skein writes it");
  return section;
}

expected<std::vector<exported::entry>> export_reader::next() {
  auto section = read_section();
  if (!section)
    return tl::unexpected{section.error()};
  if (const auto* frame = std::get_if<exported::frame>(&*section))
    return unpack(*frame);
  if (const auto* trailer = std::get_if<exported::trailer>(&*section))
    return finish(*trailer);
  return refuse("it has a second header");
}

expected<std::vector<exported::entry>> export_reader::unpack(const exported::frame& from) {
  const auto first = tally_.next_sequence();
  const auto here = fmt::format("the frame at sequence {}", first);
  if (from.first_sequence != first)
    return refuse(fmt::format("after sequence {} it goes on with sequence {}", first - 1,
                              from.first_sequence));
  if (from.sha256 != sha256_bytes({from.zstd}))
    return refuse(here + " is not what was written: its SHA-256 differs");
  if (from.chain != tally_.chain_with(from))
    return refuse(here + " does not follow from what stands before it");
  if (from.raw_bytes > exported::section_bytes_max)
    return refuse(here + " claims to be larger than any frame is");
  auto entries = decompress(from.zstd, from.raw_bytes).and_then([](const std::string& raw) {
    return exported::decode_entries(raw);
  });
  if (!entries)
    return refuse(here + ": " + entries.error().what);
  if (entries->size() != from.records || entries->empty())
    return refuse(
        fmt::format("{} has {} records and says {}", here, entries->size(), from.records));
  for (std::size_t i = 0; i < entries->size(); ++i)
    if ((*entries)[i].sequence != first + i)
      return refuse(fmt::format("{}: sequence {} stands where {} should", here,
                                (*entries)[i].sequence, first + i));
  for (const auto& entry : *entries)
    tally_.add_record(entry.record);
  tally_.add_frame(from);
  whole_bytes_ = at_;
  return entries;
}

expected<std::vector<exported::entry>> export_reader::finish(const exported::trailer& last) {
  if (last != tally_.trailer())
    return refuse("its trailer does not agree with what it holds");
  if (at_ != file_bytes_)
    return refuse("something follows its trailer");
  return std::vector<exported::entry>{};
}

tl::unexpected<failure> export_reader::refuse(const std::string& why) const {
  return fail(fmt::format("{}: {}; the file was cut off, damaged or altered: export the log again",
                          path_.string(), why));
}

} // namespace skein::store
