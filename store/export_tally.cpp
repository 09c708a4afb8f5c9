#include "store/export_tally.hpp"

#include "store/keys.hpp"

namespace skein::store {

std::string sha256_bytes(std::initializer_list<std::string_view> parts) {
  thread_local sha256 hasher;
  return std::string{bytes_of(hasher.of(parts))};
}

export_tally::export_tally(const exported::header& header)
    : first_sequence_{header.first_sequence},
      chain_{sha256_bytes({exported::magic, exported::encode(header)})} {}

std::string export_tally::chain_with(const exported::frame& next) const {
  std::string numbers;
  keys::put_be64(numbers, next.first_sequence);
  keys::put_be64(numbers, next.records);
  keys::put_be64(numbers, next.raw_bytes);
  return sha256_bytes({chain_, numbers, next.sha256});
}

void export_tally::add_frame(const exported::frame& done) {
  chain_ = done.chain;
  ++frames_;
}

void export_tally::add_record(std::string_view record) { tree_.add(merkle::leaf_hash(record)); }

exported::trailer export_tally::trailer() const {
  return {frames_, tree_.size(), tree_.size() == 0 ? 0 : next_sequence() - 1, chain_,
          std::string{bytes_of(tree_.root())}};
}

} // namespace skein::store
