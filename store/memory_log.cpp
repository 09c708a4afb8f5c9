#include "store/memory_log.hpp"

#include "store/append_rules.hpp"
#include "store/names.hpp"

#include <algorithm>

namespace skein::store {

std::vector<append_result> memory_log::commit(std::span<const append> batch) {
  std::lock_guard lock{mutex_};
  std::vector<append_result> answers;
  answers.reserve(batch.size());
  for (auto& a : batch)
    answers.push_back(append_one(a));
  return answers;
}

append_result memory_log::append_one(const append& a) {
  if (!poison_.empty())
    return tl::unexpected{log_failed(poison_)};
  if (auto error = check_shape(a))
    return tl::unexpected{*error};
  auto known = streams_.find(a.stream);
  if (auto error = check_version(a, known == streams_.end() ? 0 : known->second.size()))
    return tl::unexpected{*error};
  const auto first = records_.size() + 1;
  auto& sequences = streams_[a.stream];
  for (auto& record : a.records) {
    records_.push_back(record);
    sequences.push_back(records_.size());
  }
  return appended{first, sequences.size()};
}

void memory_log::fail_commits(std::string why) {
  std::lock_guard lock{mutex_};
  poison_ = std::move(why);
}

expected<void> memory_log::put_snapshot(std::string_view stream, const store::snapshot& s) {
  if (auto name = check_name("stream", stream); !name)
    return name;
  std::lock_guard lock{mutex_};
  snapshots_.insert_or_assign(std::string{stream}, s);
  return {};
}

expected<void> memory_log::put_cursor(std::string_view name, uint64_t sequence) {
  if (auto checked = check_name("cursor", name); !checked)
    return checked;
  std::lock_guard lock{mutex_};
  cursors_.insert_or_assign(std::string{name}, sequence);
  return {};
}

uint64_t memory_log::last_sequence() const {
  std::lock_guard lock{mutex_};
  return records_.size();
}

std::optional<stored> memory_log::find(uint64_t sequence) const {
  std::lock_guard lock{mutex_};
  if (sequence == 0 || sequence > records_.size())
    return std::nullopt;
  return stored{sequence, records_[sequence - 1]};
}

std::optional<stored> memory_log::find(std::string_view stream, uint64_t version) const {
  std::lock_guard lock{mutex_};
  auto known = streams_.find(stream);
  if (known == streams_.end() || version == 0 || version > known->second.size())
    return std::nullopt;
  const auto sequence = known->second[version - 1];
  return stored{sequence, records_[sequence - 1]};
}

expected<uint64_t> memory_log::read(uint64_t from_sequence, uint64_t limit,
                                    const record_visitor& visit) const {
  auto next = std::max<uint64_t>(from_sequence, 1);
  for (; limit > 0; --limit, ++next) {
    auto record = find(next);
    if (!record || !visit(*record))
      break;
  }
  return next;
}

expected<uint64_t> memory_log::read_stream(std::string_view stream, uint64_t from_version,
                                           const stream_record_visitor& visit) const {
  auto next = std::max<uint64_t>(from_version, 1);
  for (;; ++next) {
    auto record = find(stream, next);
    if (!record || !visit(next, *record))
      return next;
  }
}

expected<uint64_t> memory_log::stream_version(std::string_view stream) const {
  std::lock_guard lock{mutex_};
  auto known = streams_.find(stream);
  return known == streams_.end() ? 0 : known->second.size();
}

expected<void> memory_log::streams(std::string_view prefix, std::string_view after,
                                   const stream_visitor& visit) const {
  std::vector<std::pair<std::string, stream_info>> found;
  {
    std::lock_guard lock{mutex_};
    auto i = after < prefix ? streams_.lower_bound(prefix) : streams_.upper_bound(after);
    for (; i != streams_.end() && i->first.starts_with(prefix); ++i)
      found.emplace_back(i->first, stream_info{{}, i->second.size(), i->second.back()});
  }
  for (auto& [id, info] : found) {
    info.id = id;
    if (!visit(info))
      break;
  }
  return {};
}

expected<std::optional<store::snapshot>> memory_log::snapshot(std::string_view stream) const {
  std::lock_guard lock{mutex_};
  auto found = snapshots_.find(stream);
  auto known = streams_.find(stream);
  if (found == snapshots_.end() || known == streams_.end()
      || found->second.stream_version > known->second.size())
    return std::nullopt;
  return found->second;
}

expected<uint64_t> memory_log::cursor(std::string_view name) const {
  std::lock_guard lock{mutex_};
  auto found = cursors_.find(name);
  return found == cursors_.end() ? 0 : std::min<uint64_t>(found->second, records_.size());
}

} // namespace skein::store
