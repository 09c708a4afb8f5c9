#pragma once

#include "store/export_tally.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>

namespace skein::store {

/// Writes an exported log (docs/log-export.md) to `<file>.part`, which takes its name only when it
/// is whole and on disk. Memory: one frame.
class export_writer {
public:
  /// Begins anew. Fails if the file or its part is there already.
  static expected<std::unique_ptr<export_writer>> create(const std::filesystem::path& file,
                                                         const exported::header&);

  /// Goes on behind the last whole frame of the part, whose header must be this one.
  static expected<std::unique_ptr<export_writer>> resume(const std::filesystem::path& file,
                                                         const exported::header&);

  /// What is to be added next.
  uint64_t next_sequence() const { return tally_.next_sequence(); }

  /// The record of next_sequence().
  expected<void> add(std::string_view stream, std::string_view record);

  expected<exported::trailer> finish();

private:
  using file_handle = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

  export_writer(std::filesystem::path file, file_handle part, export_tally tally)
      : file_{std::move(file)}, part_{std::move(part)}, tally_{std::move(tally)} {}

  expected<void> write_frame();
  expected<void> write(std::string_view bytes);
  failure cannot(const char* what) const;

  std::filesystem::path file_;
  file_handle part_;
  export_tally tally_;
  std::string raw_; ///< of the frame that is being filled
  uint64_t raw_records_ = 0;
};

/// Where an export is written until it is whole.
std::filesystem::path part_of(const std::filesystem::path& file);

} // namespace skein::store
