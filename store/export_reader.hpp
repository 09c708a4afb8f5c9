#pragma once

#include "store/export_tally.hpp"

#include <filesystem>
#include <fstream>
#include <memory>
#include <vector>

namespace skein::store {

/// Reads an exported log (docs/log-export.md) frame by frame. Nothing is handed out that was not
/// checked: hashes, chain, and that sequences go on without a gap. Memory: one frame.
class export_reader {
public:
  static expected<std::unique_ptr<export_reader>> open(const std::filesystem::path&);

  const exported::header& header() const { return header_; }

  /// The next frame's records; none behind the last, once the trailer agrees with all that was
  /// read and nothing follows it. After a failure the file is at its end for this reader.
  expected<std::vector<exported::entry>> next();

  /// Over the frames read so far.
  const export_tally& tally() const { return tally_; }

  /// Where the last whole frame, or before the first the header, ends in the file.
  uint64_t whole_bytes() const { return whole_bytes_; }

private:
  explicit export_reader(const std::filesystem::path&);

  expected<exported::section> read_section();
  expected<uint64_t> read_length();
  expected<void> read_header();
  expected<std::vector<exported::entry>> unpack(const exported::frame&);
  expected<std::vector<exported::entry>> finish(const exported::trailer&);
  tl::unexpected<failure> refuse(const std::string& why) const;

  std::filesystem::path path_;
  std::ifstream in_;
  uint64_t file_bytes_ = 0;
  uint64_t at_ = 0; ///< how many bytes of the file were read
  uint64_t whole_bytes_ = 0;
  exported::header header_;
  export_tally tally_{header_};
};

} // namespace skein::store
