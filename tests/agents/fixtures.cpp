#include "fixtures.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace skein::agents::test {

namespace fs = std::filesystem;
using config::rule_kind;

void put(const fs::path& file, std::string_view text) {
  fs::create_directories(file.parent_path());
  std::ofstream{file, std::ios::binary} << text;
}

std::string get(const fs::path& file) {
  std::ostringstream out;
  out << std::ifstream{file, std::ios::binary}.rdbuf();
  return out.str();
}

bool nothing_staged(const fs::path& data_root) {
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator{data_root, error})
    if (entry.path().filename() == ".staging")
      return false;
  return true;
}

config::column column(std::string name, std::string type, bool required) {
  config::column x;
  x.name = std::move(name);
  x.type = std::move(type);
  x.required = required;
  return x;
}

config::contract contract(std::string version, std::string path, std::string format,
                          std::vector<config::column> columns) {
  config::contract x;
  x.dataset = "films";
  x.version = std::move(version);
  x.where.server = "local-disk";
  x.where.path = std::move(path);
  x.where.format = std::move(format);
  x.columns = std::move(columns);
  return x;
}

namespace {

config::column_rule rule(rule_kind kind, std::string column, std::vector<std::string> reads) {
  config::column_rule x;
  x.kind = kind;
  x.column = std::move(column);
  x.reads = std::move(reads);
  return x;
}

} // namespace

config::column_rule keep(std::string name) { return rule(rule_kind::keep, name, {name}); }

config::column_rule renamed(std::string name, std::string from) {
  return rule(rule_kind::rename, std::move(name), {std::move(from)});
}

config::column_rule cast(std::string name, std::string from, std::string format) {
  auto x = rule(rule_kind::cast, std::move(name), {std::move(from)});
  x.format = std::move(format);
  return x;
}

config::column_rule lenient_cast(std::string name, std::string from, std::string format) {
  auto x = cast(std::move(name), std::move(from), std::move(format));
  x.null_on_error = true;
  return x;
}

config::column_rule expression(std::string name, std::string sql, std::vector<std::string> reads) {
  auto x = rule(rule_kind::expression, std::move(name), std::move(reads));
  x.expression = std::move(sql);
  return x;
}

config::column_rule constant(std::string name, std::string value) {
  auto x = rule(rule_kind::constant, std::move(name), {});
  x.expression = std::move(value);
  return x;
}

config::column_rule decide(std::string name, std::string question) {
  auto x = rule(rule_kind::decide, std::move(name), {});
  x.question = std::move(question);
  return x;
}

config::mapping mapping(std::vector<config::column_rule> rules, std::vector<std::string> dropped) {
  config::mapping x;
  x.dataset = "films";
  x.from = "v1";
  x.to = "v2";
  x.rules = std::move(rules);
  x.dropped = std::move(dropped);
  return x;
}

film_migration::film_migration(config::contract before, config::contract after,
                               config::mapping rules) {
  plan.migration = "films@v2";
  plan.attempt = 1;
  plan.before = std::move(before);
  plan.after = std::move(after);
  plan.mapping = std::move(rules);
  plan.mapping_sha256 = "rules";
  plan.data_root = root.path() / "data";
  plan.scratch = root.path() / "scratch";
  plan.memory_bytes = 256u << 20;
}

outcome<nlohmann::json> film_migration::run() { return migrate(plan, watcher); }

} // namespace skein::agents::test
