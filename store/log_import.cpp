#include "events/record_place.hpp"
#include "store/export_reader.hpp"
#include "store/folder.hpp"
#include "store/log_copy.hpp"
#include "store/log_transfer.hpp"

#include <fmt/format.h>

namespace skein::store {

namespace {

namespace fs = std::filesystem;

using entries = std::vector<exported::entry>;

/// The records of one frame as appends: neighbours of one stream become one.
expected<std::vector<append>> appends_of(entries from) {
  std::vector<append> result;
  for (auto& entry : from) {
    const auto place = place_of(entry.record);
    if (!place || place->version == 0 || place->migration != entry.stream)
      return fail(fmt::format("sequence {} is no record of {}", entry.sequence, entry.stream));
    if (result.empty() || result.back().stream != entry.stream)
      result.push_back({std::move(entry.stream), place->version - 1, {}});
    result.back().records.push_back(std::move(entry.record));
  }
  return result;
}

/// One import, from the open file to the log in the folder beside.
class import {
public:
  import(export_reader& file, event_log& log) : file_{file}, log_{log} {}

  expected<void> run() {
    for (;
  ;) {
    auto frame = file_.next();
    if (!frame)
      return tl::unexpected{frame.error()};
    if (frame->empty())
      return log_.last_sequence() < file_.tally().next_sequence() ? expected<void>{} : stranger();
    if (auto taken = take(*std::move(frame)); !taken)
      return taken;
  }
}

private :
    /// A frame is one commit: after a crash it is in the log as a whole or not at all.
    expected<void>
    take(entries frame) {
  const auto first = frame.front().sequence;
  if (first > log_.last_sequence())
    return append_all(first, std::move(frame));
  return frame.back().sequence <= log_.last_sequence() ? compare(first, frame) : stranger();
}

expected<void> append_all(uint64_t first, entries frame) {
  auto appends = appends_of(std::move(frame));
  if (!appends)
    return tl::unexpected{appends.error()};
  const auto answers = log_.commit(*appends);
  for (std::size_t i = 0; i < answers.size(); first += (*appends)[i++].records.size())
    if (!answers[i])
      return fail(fmt::format("sequence {}: {}", first, answers[i].error().what));
  return {};
}

/// What an interrupted import has left must be what the file says.
expected<void> compare(uint64_t first, const entries& frame) {
  std::size_t same = 0;
  auto read = log_.read(first, frame.size(), [&](const stored& record) {
    return record.bytes == frame[same].record && ++same > 0;
  });
  if (!read)
    return tl::unexpected{read.error()};
  return same == frame.size() ? expected<void>{} : stranger();
}

static expected<void> stranger() {
  return fail("an interrupted import of another file is in the way; its beginnings were removed, "
              "so give the command once more");
}

export_reader& file_;
event_log& log_;
}; // namespace

expected<void> import_into(export_reader& file, const fs::path& growing) {
  auto log = open_log_copy(growing, file.header().log_id);
  if (!log)
    return tl::unexpected{log.error()};
  if ((*log)->log_id() != file.header().log_id)
    return fail(fmt::format("an import of log {} was interrupted here; it was removed, so give the "
                            "command once more",
                            (*log)->log_id()));
  return import{file, **log}.run();
}

} // namespace skein::store

expected<exported_log> import_log(const fs::path& file, const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder, error))
    return fail(fmt::format("there is a log in {} already: import into a state folder without one",
                            folder.string()));
  auto reader = export_reader::open(file);
  if (!reader)
    return tl::unexpected{reader.error()};
  if ((*reader)->header().first_sequence != 1)
    return fail(fmt::format("{} starts at sequence {}: only an export from sequence 1 on makes a "
                            "log",
                            file.string(), (*reader)->header().first_sequence));
  const auto growing = fs::path{folder} += ".importing";
  fs::create_directories(folder.parent_path(), error);
  if (auto done = import_into(**reader, growing); !done) {
    fs::remove_all(growing, error);
    return tl::unexpected{done.error()};
  }
  fs::rename(growing, folder, error);
  if (error)
    return fail(fmt::format("{} cannot be renamed to {}: {}", growing.string(), folder.string(),
                            error.message()));
  sync_folder(folder.parent_path());
  return exported_log{(*reader)->header(), (*reader)->tally().trailer()};
}

} // namespace skein::store
