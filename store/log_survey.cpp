#include "store/log_survey.hpp"

#include "store/acknowledged_mark.hpp"
#include "store/folder.hpp"
#include "store/format_one.hpp"
#include "store/log_reads.hpp"
#include "store/wal_size.hpp"

#include <fmt/format.h>

namespace skein::store {

namespace {

namespace fs = std::filesystem;

tl::expected<uint64_t, open_error>
last_whole_sequence(open_request request, const log_options& options, bool before_damage) {
  request.access = access::inspect;
  request.cut_damage = before_damage;
  if (holds_format_one(request.path))
    return last_sequence_of_format_one(request);
  auto db = open_log_database(request, options);
  if (!db)
    return tl::unexpected{db.error()};
  auto reads = log_reads::over(std::move(*db));
  if (!reads)
    return tl::unexpected{open_error{false, reads.error().what}};
  return (*reads)->last_sequence;
}

/// Adds to RocksDB's complaint what a person needs to know: how much is whole.
std::string explain(const open_request& request, const log_options& options,
                    const open_error& error) {
  if (!error.damaged)
    return error.what;
  auto whole = last_whole_sequence(request, options, true);
  auto extent = whole
                    ? fmt::format("it is whole up to sequence {}; restore the folder from a copy, "
                                  "or repair it, which gives up what comes after",
                                  *whole)
                    : "cutting its end would not make it whole; restore the folder from a copy";
  return fmt::format("{}: {}", error.what, extent);
}

/// Whether the file ends before what was acknowledged in it: then the end was cut off, as opposed
/// to being there and unreadable.
bool physically_shorter(const fs::path& folder, const acknowledged& mark) {
  std::error_code error;
  auto size = fs::file_size(wal_file(folder, mark.wal_number), error);
  return !error && size < mark.wal_bytes;
}

std::string lost(const open_request& request, const acknowledged& mark, uint64_t last) {
  return fmt::format("the {} in {} ends at sequence {}, but sequences up to {} were acknowledged",
                     request.noun, request.path.string(), last, mark.sequence);
}

expected<log_survey> compare(const open_request& request, const acknowledged& mark, uint64_t last) {
  if (last >= mark.sequence)
    return log_survey{};
  auto what = lost(request, mark, last);
  if (request.cut_damage)
    return log_survey{what + ": the repair gave up the rest"};
  if (physically_shorter(request.path, mark))
    return log_survey{fmt::format("{}: {:06}.log has lost its end, which was cut at the last whole "
                                  "commit; check the disk's write cache",
                                  what, mark.wal_number)};
  return fail(fmt::format("{}: {:06}.log is damaged after sequence {}; restore the folder from a "
                          "copy, or repair it, which gives up what comes after",
                          what, mark.wal_number, last));
}

} // namespace

expected<log_survey> survey_log(const open_request& request, const log_options& options) {
  auto content = survey_folder(request.path, request.noun);
  if (!content)
    return tl::unexpected{content.error()};
  if (*content == folder_content::nothing)
    return log_survey{};
  auto lock = lock_folder(request);
  if (!lock)
    return tl::unexpected{lock.error()};
  auto mark = acknowledged_mark::load(request.path);
  auto last = last_whole_sequence(request, options, request.cut_damage);
  if (last)
    return compare(request, mark.value_or(acknowledged{}), *last);
  // The mark is made at the end of a creation. Without one, the writer may be able to finish it.
  if (!mark && !last.error().damaged)
    return log_survey{};
  return fail(explain(request, options, last.error()));
}

} // namespace skein::store
