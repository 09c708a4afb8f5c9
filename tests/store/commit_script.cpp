#include "commit_script.hpp"

#include "support.hpp"

namespace skein::store::test {

namespace {

constexpr uint64_t appends_of_a_commit_max = 5;

std::string stream_of(uint64_t commit, uint64_t number) {
  return "stream-" + std::to_string((commit * 3 + number) % 11);
}

std::vector<std::string> records_of_append(uint64_t commit, uint64_t number) {
  std::vector<std::string> records;
  for (uint64_t i = 0; i <= (commit + number) % 3; ++i)
    records.push_back(std::to_string(commit) + "/" + std::to_string(number) + "/"
                      + std::to_string(i)
                      + std::string(commit % 4 == 3 ? 12000 : 20 + commit, 'a' + commit % 26));
  return records;
}

} // namespace

std::map<std::string, uint64_t> scripted_versions(uint64_t commits) {
  std::map<std::string, uint64_t> versions;
  for (uint64_t commit = 0; commit < commits; ++commit)
    for (uint64_t i = 0; i <= commit % appends_of_a_commit_max; ++i)
      versions[stream_of(commit, i)] += records_of_append(commit, i).size();
  return versions;
}

std::vector<append> scripted_commit(uint64_t number) {
  const auto versions = scripted_versions(number);
  std::vector<append> appends;
  for (uint64_t i = 0; i <= number % appends_of_a_commit_max; ++i) {
    const auto stream = stream_of(number, i);
    const auto found = versions.find(stream);
    appends.push_back(
        {stream, found == versions.end() ? 0 : found->second, records_of_append(number, i)});
  }
  return appends;
}

std::vector<std::string> scripted_records(uint64_t commits) {
  std::vector<std::string> all;
  for (uint64_t number = 0; number < commits; ++number)
    for (auto& append : scripted_commit(number))
      all.insert(all.end(), append.records.begin(), append.records.end());
  return all;
}

log_options small_buffers() {
  log_options options;
  options.write_buffer_bytes = 128 << 10;
  options.cached_versions_max = 8; // the index is written again and again
  return options;
}

told run_script(event_log& log, uint64_t done, uint64_t until) {
  told what;
  what.commits = done;
  for (auto number = done; number < until; ++number) {
    auto answers = log.commit(scripted_commit(number));
    bool refused = false;
    for (auto& answer : answers)
      if (!answer) {
        what.refused.push_back(answer.error());
        refused = true;
      }
    // Later ones are asked for too, to see that none is taken any more.
    if (!refused && what.refused.empty())
      ++what.commits;
    REQUIRE((refused || what.refused.empty()));
    if (number % 4 != 1)
      continue;
    // Neither is promised to outlive a crash, and neither may harm what is.
    (void)log.put_snapshot(stream_of(number, 0), {1, 1, std::string(300, 's')});
    (void)log.put_cursor("relay", log.last_sequence());
  }
  return what;
}

uint64_t require_scripted(const log_reader& log) {
  const auto found = records_of(log);
  uint64_t commits = 0;
  uint64_t records = 0;
  for (; records < found.size(); ++commits)
    for (auto& append : scripted_commit(commits))
      records += append.records.size();
  REQUIRE(records == found.size()); // or else the last commit is there in part
  REQUIRE(found == scripted_records(commits));
  for (auto& [stream, version] : scripted_versions(commits)) {
    REQUIRE(value_of(log.stream_version(stream)) == version);
    REQUIRE(records_of(log, stream).size() == version);
  }
  return commits;
}

} // namespace skein::store::test
