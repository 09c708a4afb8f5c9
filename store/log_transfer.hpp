#pragma once

#include "events/export.hpp"
#include "store/log_reader.hpp"
#include "store/tree_head.hpp"

#include <filesystem>
#include <span>

/// A log into a file and back (docs/log-export.md). Both ways keep sequences, versions and the
/// log's id, so that what was proved or noted about the one holds for the other.
namespace skein::store {

struct export_request {
  uint64_t from = 1;
  uint64_t to = no_limit; ///< no_limit: what is the last when the export begins
  bool resume = false;    ///< go on with an export to the same file that was cut off
};

struct exported_log {
  exported::header header;
  exported::trailer totals;
};

/// Writes those records to a file that is not there yet, also beside the log's writer.
expected<exported_log> export_log(const log_reader&, const std::filesystem::path& file,
                                  const export_request& = {});

/// Reads a whole export and checks everything in it, and that it bears out these heads: each must
/// be of the same log, and the first records come to its root, so that the file cannot be of a log
/// that was rewritten since somebody noted the head. With heads the file must begin at sequence 1.
/// Says nothing of their signatures.
expected<exported_log> verify_export(const std::filesystem::path& file,
                                     std::span<const tree_head> heads = {});

/// Makes a log of an export that starts at sequence 1. The folder must not be there yet: the log
/// grows in `<folder>.importing` beside it and takes its name once the file proved whole. After a
/// crash the same call goes on where it was; when the file is refused, nothing is left.
expected<exported_log> import_log(const std::filesystem::path& file,
                                  const std::filesystem::path& folder);

} // namespace skein::store
