#include "tools/skein/complete.hpp"

#include "tools/skein/command_tree.hpp"
#include "tools/skein/source.hpp"
#include "tools/skein/words.hpp"

#include <CLI/App.hpp>
#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>

namespace skein::console {

namespace {

using words = std::vector<std::string>;

const std::set<std::string> asked_kinds{"MIGRATION", "OWNER", "POOL", "LIMIT", "CONTEXT"};
const words phases{"running",     "completed", "held",        "parked",
                   "quarantined", "cancelled", "rolled_back", "unreadable"};

constexpr std::chrono::seconds patience{1};

/// The option of that name, of the command or one above it.
const CLI::Option* find_option(const CLI::App* at, const std::string& name) {
  for (; at != nullptr; at = at->get_parent())
    for (const auto* each : options_of(*at))
      for (const auto& known : names_of(*each))
        if (known == name)
          return each;
  return nullptr;
}

/// How far the finished words have come.
struct place {
  const CLI::App* at;
  std::size_t operands = 0;
  const CLI::Option* waits = nullptr; ///< for its value
  where_to_work where = {};

  void take(const std::string& word);

private:
  void note(const CLI::Option& of, const std::string& value);
};

void place::note(const CLI::Option& of, const std::string& value) {
  const auto names = names_of(of);
  if (std::find(names.begin(), names.end(), "--workspace") != names.end())
    where.folder = value;
  if (std::find(names.begin(), names.end(), "--context") != names.end())
    where.context = value;
}

void place::take(const std::string& word) {
  if (waits != nullptr)
    return note(*std::exchange(waits, nullptr), word);
  if (word.starts_with("-")) {
    const auto equals = word.find('=');
    const auto* option = find_option(at, word.substr(0, equals));
    if (option != nullptr && equals != word.npos)
      note(*option, word.substr(equals + 1));
    else if (option != nullptr && needs_value(*option))
      waits = option;
    return;
  }
  for (const auto* each : commands_of(*at))
    if (each->get_name() == word) {
      at = each;
      operands = 0;
      return;
    }
  ++operands;
}

std::vector<candidate> values_of(const CLI::Option& of, const std::string& typed,
                                 const where_to_work& where, const value_finder& values,
                                 const std::string& before = {}) {
  const auto kind = value_name(of);
  if (kind == "FILE" || kind == "FOLDER")
    return {{files_wanted}};
  auto all = choices_of(of);
  if (kind == "PHASE")
    all = phases;
  else if (all.empty() && asked_kinds.contains(kind))
    all = values(kind, typed, where);
  std::vector<candidate> result;
  for (const auto& each : all)
    if (each.starts_with(typed))
      result.push_back({before + each});
  return result;
}

std::vector<candidate> options_from(const CLI::App* at, const std::string& typed) {
  std::vector<candidate> result;
  for (; at != nullptr; at = at->get_parent())
    for (const auto* each : options_of(*at))
      for (const auto& name : names_of(*each))
        if (name.starts_with(typed) && name.starts_with("--"))
          if (std::none_of(result.begin(), result.end(),
                           [&](const auto& known) { return known.text == name; }))
            result.push_back({name, each->get_description()});
  return result;
}

} // namespace

std::vector<candidate> complete(const CLI::App& root, const words& line,
                                const value_finder& values) {
  place now{&root};
  for (std::size_t i = 0; i + 1 < line.size(); ++i)
    now.take(line[i]);
  const auto typed = line.empty() ? std::string{} : line.back();
  if (now.waits != nullptr)
    return values_of(*now.waits, typed, now.where, values);
  if (typed.starts_with("-")) {
    const auto equals = typed.find('=');
    const auto* option = find_option(now.at, typed.substr(0, equals));
    if (equals == typed.npos || option == nullptr)
      return options_from(now.at, typed);
    return values_of(*option, typed.substr(equals + 1), now.where, values,
                     typed.substr(0, equals + 1));
  }
  std::vector<candidate> result;
  for (const auto* each : commands_of(*now.at))
    if (each->get_name().starts_with(typed))
      result.push_back({each->get_name(), each->get_description()});
  const auto operands = operands_of(*now.at);
  if (result.empty() && now.operands < operands.size())
    return values_of(*operands[now.operands], typed, now.where, values);
  return result;
}

std::vector<std::string> find_values(const std::string& kind, const std::string& prefix,
                                     const where_to_work& where) {
  words result;
  if (kind == "CONTEXT") {
    if (const auto known = load_contexts())
      for (const auto& [name, ignored] : known->all)
        result.push_back(name);
    return result;
  }
  auto said = where;
  for (const auto& [to, name] :
       {std::pair{&said.context_by_env, "SKEIN_CONTEXT"}, {&said.folder_by_env, "SKEIN_WORKSPACE"}})
    if (const char* value = std::getenv(name))
      *to = value;
  session with;
  if (!choose(said, with))
    return {};
  const auto running = find_daemon(with);
  if (!running)
    return {};
  const auto from = daemon_source(*running, {patience});
  const auto add_all = [&](const std::string& path, const char* list, const char* member,
                           const parameters& query = {}) {
    if (const auto page = get_json(*from, path, query))
      for (const auto& each : list_of(*page, list))
        result.push_back(text_of(each, member));
  };
  if (kind == "MIGRATION") {
    const auto at = prefix.find('@');
    add_all("/v1/migrations", "migrations", "id",
            {{"limit", "200"}, {"dataset", prefix.substr(0, at) + (at == prefix.npos ? "*" : "")}});
  } else if (kind == "OWNER")
    add_all("/v1/owners", "owners", "ref", {{"limit", "1000"}});
  else if (kind == "POOL")
    add_all("/v1/pools", "pools", "pool");
  else if (kind == "LIMIT") {
    result = {"running", "per_owner", "per_storage", "intake"};
    if (const auto now = get_json(*from, "/v1/limits"))
      for (const auto& [agent, ignored] : object_of(*now, "per_agent").items())
        result.push_back("agent:" + agent);
  }
  return result;
}

} // namespace skein::console
