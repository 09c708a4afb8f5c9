// What RocksDB keeps for us, should its own checksums let a damage through: chunks and the index.
#include "store/chunk.hpp"
#include "store/checksum.hpp"
#include "store/index_run.hpp"
#include "store/keys.hpp"
#include "store/varint.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace skein;
using namespace skein::fuzz;
using namespace skein::store;

namespace {

/// With a checksum that fits, which no mutation would find.
std::string sealed(std::string_view appends) {
  const auto key = keys::sequence(1);
  std::string value{appends};
  keys::put_be32(value, crc32c(appends, crc32c({key.data(), key.size()})));
  return value;
}

void read_chunk(std::string_view appends) {
  const auto value = sealed(appends);
  auto reader = chunk_reader::over(1, value);
  must(reader.has_value(), "a sealed chunk is opened");
  while (const auto append = reader->next())
    for (auto records = append->records; const auto record = take_text(records);)
      must(record->data() >= value.data() && record->size() <= value.size(), "a record is in it");
}

void read_run(std::string_view value) {
  const auto run = index_run::parse(1, value);
  if (!run)
    return;
  must(index_run::parse(1, run->encode()).has_value(), "a run that was read is read again");
  uint64_t places = 0;
  (void)run->places([&](uint64_t, const place& x) { return ++places, x.count > 0; });
  must(places <= value.size(), "a place takes room");
}

} // namespace

SKEIN_FUZZ(chunk, bytes) {
  read_chunk(bytes);
  read_run(bytes);
  if (const auto key = keys::parse_stream_entry(bytes))
    must(keys::stream_entry(key->stream, key->first_version) == bytes, "a key has one spelling");
}
