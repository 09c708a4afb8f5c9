#pragma once

#include "events/failure.hpp"
#include "store/chunk.hpp"

namespace rocksdb {
class Iterator;
}

namespace skein::store {

// What readers of the log say when it does not hold what it must.

tl::unexpected<failure> missing_sequence(uint64_t);
tl::unexpected<failure> damaged_chunk(uint64_t first_sequence);
tl::unexpected<failure> damaged_index(std::string_view stream, uint64_t version);

/// The chunk under that key; a failure if the value is not what was written there.
expected<chunk_reader> open_chunk(uint64_t first_sequence, std::string_view value);

/// The chunk at which a valid iterator over `chunks` stands.
expected<chunk_reader> open_chunk(const rocksdb::Iterator&);

} // namespace skein::store
