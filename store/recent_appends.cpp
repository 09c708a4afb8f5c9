#include "store/recent_appends.hpp"

#include <utility>

namespace skein::store {

std::optional<uint64_t> recent_appends::version(std::string_view stream) const {
  std::lock_guard lock{mutex_};
  for (const generation* g : {static_cast<const generation*>(young_.get()), old_.get()})
    if (auto found = g->runs.find(stream); found != g->runs.end())
      return found->second.last_version();
  return std::nullopt;
}

void recent_appends::add(std::string_view stream, uint64_t first_version, const place& where) {
  std::lock_guard lock{mutex_};
  auto run = young_->runs.find(stream);
  if (run == young_->runs.end())
    run = young_->runs.emplace(stream, index_run{first_version}).first;
  run->second.add(where);
  ++young_->appends;
  young_->reached = where.end() - 1;
}

size_t recent_appends::young() const { return young_->appends; }

std::shared_ptr<const recent_appends::generation> recent_appends::freeze() {
  std::lock_guard lock{mutex_};
  old_ = std::exchange(young_, std::make_shared<generation>());
  return old_;
}

void recent_appends::clear() {
  std::lock_guard lock{mutex_};
  young_ = std::make_shared<generation>();
  old_ = std::make_shared<const generation>();
}

std::vector<index_run> recent_appends::runs(std::string_view stream) const {
  std::lock_guard lock{mutex_};
  std::vector<index_run> found;
  for (const generation* g : {old_.get(), static_cast<const generation*>(young_.get())})
    if (auto run = g->runs.find(stream); run != g->runs.end())
      found.push_back(run->second);
  return found;
}

std::map<std::string, std::vector<index_run>> recent_appends::runs(std::string_view prefix,
                                                                   std::string_view after) const {
  std::lock_guard lock{mutex_};
  std::map<std::string, std::vector<index_run>> found;
  for (const generation* g : {old_.get(), static_cast<const generation*>(young_.get())})
    for (auto& [stream, run] : g->runs)
      if (stream.starts_with(prefix) && stream > after)
        found[stream].push_back(run);
  return found;
}

} // namespace skein::store
