#pragma once

#include "console.hpp"
#include "sample_log.hpp"

#include "actors/projection.hpp"
#include "store/event_log.hpp"
#include "store/view_store.hpp"

namespace skein::tests {

namespace fs = std::filesystem;

/// A workspace whose daemon has stopped after the sample.
struct stopped_workspace {
  actors::test::temporary_folder folder;
  fs::path state = folder.path() / ".skein";

  stopped_workspace() {
    fs::create_directory(state);
    auto log = store::open_log(state / "log").value();
    told_log story{*log};
    tell_sample(story);
  }

  program_end skein(words arguments, std::map<std::string, std::string> environment = {}) {
    arguments.insert(arguments.begin(), {"-w", folder.path().string()});
    return skein_says(std::move(arguments), std::move(environment));
  }

  /// As the next record of `stocks@v2`, a start of a step that its workflow does not have.
  void forge() {
    auto log = store::open_log(state / "log").value();
    const migration::command odd{actors::test::midnight, "eve", "", 0,
                                 migration::start_attempt{"nosuch", "w", {}}};
    const auto forged = make_records("stocks@v2", 10, odd, {migration::cancelled{}});
    const store::append next{"stocks@v2", 10, {encode(forged.at(0))}};
    REQUIRE(log->commit({&next, 1})[0]);
  }

  /// Lets the view have so many of the log's records.
  void project(uint64_t records) {
    auto log = store::open_log(state / "log").value();
    auto view = store::open_view(state / "view").value();
    REQUIRE(actors::project_batch(*log, *view, records).value() == records);
  }
};

} // namespace skein::tests
