#include "events/export.hpp"

#include "events/export.pb.h"
#include "events/overloaded.hpp"

#include <optional>

namespace skein::exported {

namespace {

void put_varint(std::string& to, uint64_t value) {
  for (; value >= 0x80; value >>= 7)
    to += static_cast<char>(value | 0x80);
  to += static_cast<char>(value);
}

void append_delimited(std::string& to, const google::protobuf::MessageLite& message) {
  put_varint(to, message.ByteSizeLong());
  message.AppendToString(&to);
}

template <class Message>
bool parse(Message& into, std::string_view bytes) {
  return bytes.size() <= section_bytes_max
         && into.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

v1::ExportSection to_proto(const section& from) {
  v1::ExportSection to;
  std::visit(overloaded{[&](const header& x) {
                          to.mutable_header()->set_format(x.format);
                          to.mutable_header()->set_log_id(x.log_id);
                          to.mutable_header()->set_first_sequence(x.first_sequence);
                        },
                        [&](const frame& x) {
                          auto& f = *to.mutable_frame();
                          f.set_first_sequence(x.first_sequence);
                          f.set_records(x.records);
                          f.set_raw_bytes(x.raw_bytes);
                          f.set_sha256(x.sha256);
                          f.set_chain(x.chain);
                          f.set_zstd(x.zstd);
                        },
                        [&](const trailer& x) {
                          auto& t = *to.mutable_trailer();
                          t.set_frames(x.frames);
                          t.set_records(x.records);
                          t.set_last_sequence(x.last_sequence);
                          t.set_chain(x.chain);
                          t.set_merkle_root(x.merkle_root);
                        }},
             from);
  return to;
}

std::optional<section> from_proto(const v1::ExportSection& from) {
  if (from.has_header())
    return header{from.header().format(), from.header().log_id(), from.header().first_sequence()};
  if (from.has_frame()) {
    const auto& f = from.frame();
    return frame{f.first_sequence(), f.records(), f.raw_bytes(), f.sha256(), f.chain(), f.zstd()};
  }
  if (!from.has_trailer())
    return std::nullopt;
  const auto& t = from.trailer();
  return trailer{t.frames(), t.records(), t.last_sequence(), t.chain(), t.merkle_root()};
}

} // namespace

std::string encode(const section& from) {
  std::string bytes;
  append_delimited(bytes, to_proto(from));
  return bytes;
}

expected<section> decode_section(std::string_view bytes) {
  v1::ExportSection from;
  if (!parse(from, bytes))
    return fail("it is not a skein.v1.ExportSection");
  auto to = from_proto(from);
  if (!to || to_proto(*to).SerializeAsString() != bytes)
    return fail("it has fields that this version does not know, or is not as Skein writes it");
  return *std::move(to);
}

void append_entry(std::string& to, uint64_t sequence, std::string_view stream,
                  std::string_view record) {
  v1::ExportRecord from;
  from.set_sequence(sequence);
  from.set_stream(stream.data(), stream.size());
  from.set_record(record.data(), record.size());
  append_delimited(to, from);
}

expected<std::vector<entry>> decode_entries(std::string_view raw) {
  std::vector<entry> entries;
  while (!raw.empty()) {
    uint64_t size = 0;
    v1::ExportRecord from;
    if (!take_varint(raw, size) || size > raw.size() || !parse(from, raw.substr(0, size)))
      return fail("its record " + std::to_string(entries.size() + 1)
                  + " is not a skein.v1.ExportRecord");
    raw.remove_prefix(size);
    entries.push_back(
        {from.sequence(), std::move(*from.mutable_stream()), std::move(*from.mutable_record())});
  }
  return entries;
}

bool take_varint(std::string_view& from, uint64_t& value) {
  uint64_t sum = 0;
  for (std::size_t i = 0; i < 10 && i < from.size(); ++i) {
    const auto byte = static_cast<unsigned char>(from[i]);
    sum |= uint64_t{byte & 0x7fu} << (7 * i);
    if (byte >= 0x80)
      continue;
    from.remove_prefix(i + 1);
    value = sum;
    return true;
  }
  return false;
}

} // namespace skein::exported
