#pragma once

#include "agents/migrate.hpp"
#include "agents/overseer.hpp"
#include "config/contract.hpp"
#include "config/mapping.hpp"
#include "tests/cluster/support.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace skein::agents::test {

using tests::temporary_folder;

void put(const std::filesystem::path& file, std::string_view text);
std::string get(const std::filesystem::path& file);

/// Whether no attempt left its staging folder anywhere below the data root.
bool nothing_staged(const std::filesystem::path& data_root);

/// `column("Title", "VARCHAR")`
config::column column(std::string name, std::string type, bool required = false);

config::contract contract(std::string version, std::string path, std::string format,
                          std::vector<config::column> columns);

config::column_rule keep(std::string column);
config::column_rule renamed(std::string column, std::string from);
config::column_rule cast(std::string column, std::string from, std::string format = "");
config::column_rule lenient_cast(std::string column, std::string from, std::string format = "");
config::column_rule expression(std::string column, std::string sql, std::vector<std::string> reads);
config::column_rule constant(std::string column, std::string value);
config::column_rule decide(std::string column, std::string question);

config::mapping mapping(std::vector<config::column_rule> rules,
                        std::vector<std::string> dropped = {});

/// A migration of `films` from v1 to v2 below one data root.
struct film_migration {
  temporary_folder root;
  overseer watcher;
  migration_plan plan;

  film_migration(config::contract before, config::contract after, config::mapping rules);

  void source(std::string_view text) { put(plan.source_file(), text); }
  outcome<nlohmann::json> run();
};

} // namespace skein::agents::test
