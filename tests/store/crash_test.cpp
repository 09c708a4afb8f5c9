#include "support.hpp"

using namespace skein::store;
using namespace skein::store::test;

namespace {

/// log_writer puts each batch's number into all its records: one of "hot", and batch % 7 + 1 of
/// another stream. Requires that every batch found is whole, and answers how many there are.
uint64_t require_whole_batches(const log_reader& log) {
  std::vector<uint64_t> records;
  bool in_order = true;
  value_of(log.read(1, no_limit, [&](const stored& record) {
    const auto batch = std::stoull(std::string{record.bytes.substr(0, record.bytes.find(':'))});
    in_order = in_order && batch <= records.size();
    if (!in_order)
      return false;
    if (batch == records.size())
      records.push_back(0);
    ++records[batch];
    return true;
  }));
  REQUIRE(in_order);
  for (uint64_t batch = 0; batch < records.size(); ++batch)
    REQUIRE(records[batch] == batch % 7 + 2);
  return records.size();
}

} // namespace

TEST_CASE("a writer killed at any moment loses nothing that it acknowledged") {
  temporary_folder folder;
  const auto path = folder.path() / "log";
  for (int round = 0; round < 12; ++round) {
    // Small buffers let the kill fall into flushes and compactions too.
    writer_process writer{path, round % 2 == 0 ? size_t{128} << 10 : size_t{16} << 20};
    const auto at_least = static_cast<uint64_t>(200 + round * 157);
    uint64_t before = 0;
    REQUIRE(eventually([&] {
      before = before == 0 ? writer.acknowledged() : before;
      return before > 0 && writer.acknowledged() > before + at_least;
    }));
    writer.kill();
    const auto acknowledged = writer.acknowledged();

    auto log = value_of(open_log(path));
    CHECK(log->warning().empty());
    CHECK(log->last_sequence() >= acknowledged);
    const auto batches = require_whole_batches(*log);
    CHECK(value_of(log->stream_version("hot")) == batches);
    uint64_t in_streams = 0;
    check(log->streams("", "", [&](const stream_info& stream) {
      in_streams += stream.version;
      return true;
    }));
    CHECK(in_streams == log->last_sequence());
  }
}
