#include "store/log_damage.hpp"

#include "store/keys.hpp"

#include <fmt/format.h>
#include <rocksdb/iterator.h>

namespace skein::store {

tl::unexpected<failure> missing_sequence(uint64_t sequence) {
  return fail(fmt::format("sequence {} is missing from the event log: the log is damaged; restore "
                          "it from a copy",
                          sequence));
}

tl::unexpected<failure> damaged_chunk(uint64_t first_sequence) {
  return fail(fmt::format("cannot read sequence {}: the chunk that begins with it is not what was "
                          "written, by its checksum: the log is damaged; restore it from a copy",
                          first_sequence));
}

tl::unexpected<failure> damaged_index(std::string_view stream, uint64_t version) {
  return fail(fmt::format("the index of stream {} does not lead to its version {}: the log is "
                          "damaged; restore it from a copy",
                          stream, version));
}

expected<chunk_reader> open_chunk(uint64_t first_sequence, std::string_view value) {
  auto chunk = chunk_reader::over(first_sequence, value);
  if (!chunk)
    return damaged_chunk(first_sequence);
  return *chunk;
}

expected<chunk_reader> open_chunk(const rocksdb::Iterator& at) {
  auto first = keys::whole_be64(at.key().ToStringView());
  if (!first)
    return fail(fmt::format("the event log has the key {}, which is no sequence: the log is "
                            "damaged; restore it from a copy",
                            at.key().ToString(true)));
  return open_chunk(*first, at.value().ToStringView());
}

} // namespace skein::store
