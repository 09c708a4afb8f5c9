#include "store/index_run.hpp"

#include "store/varint.hpp"

namespace skein::store {

std::optional<index_run> index_run::parse(uint64_t first_version, std::string_view value) {
  auto last_version = take_varint(value);
  auto last_sequence = take_varint(value);
  if (!last_version || !last_sequence || *last_version < first_version)
    return std::nullopt;
  index_run run{first_version};
  run.last_ = *last_version;
  run.last_sequence_ = *last_sequence;
  run.places_ = value;
  return run;
}

void index_run::add(const place& next) {
  put_varint(places_, next.chunk - last_chunk_);
  put_varint(places_, next.at);
  put_varint(places_, next.count);
  last_chunk_ = next.chunk;
  last_ += next.count;
  last_sequence_ = next.end() - 1;
}

std::string index_run::encode() const {
  std::string value;
  put_varint(value, last_);
  put_varint(value, last_sequence_);
  value += places_;
  return value;
}

std::optional<place> index_run::take_place(std::string_view& from, uint64_t chunk_before) {
  auto chunk = take_varint(from);
  auto at = take_varint(from);
  auto count = take_varint(from);
  if (!chunk || !at || !count || *at > UINT32_MAX || *count == 0 || *count > UINT32_MAX)
    return std::nullopt;
  return place{chunk_before + *chunk, static_cast<uint32_t>(*at), static_cast<uint32_t>(*count)};
}

} // namespace skein::store
