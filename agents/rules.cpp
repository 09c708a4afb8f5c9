#include "agents/rules.hpp"

#include "agents/files.hpp"

#include <fmt/format.h>

namespace skein::agents {

namespace {

outcome<config::contract> parse_contract(const std::string& text, const std::string& dataset,
                                         const std::string& version) {
  auto contract = config::parse_contract(text, fmt::format("contract {} {}", dataset, version));
  if (!contract)
    return give_up(contract.error());
  if (contract->dataset != dataset || contract->version != version)
    return give_up(fmt::format("The metadata store's contract {} {} says it is {} {}.", dataset,
                               version, contract->dataset, contract->version));
  return std::move(*contract);
}

outcome<config::mapping> parse_and_complete(const std::string& text, const config::contract& before,
                                            const config::contract& after) {
  const auto origin
      = fmt::format("mapping {} {}..{}", before.dataset, before.version, after.version);
  auto written = config::parse_mapping(text, origin);
  if (!written)
    return give_up(written.error());
  auto completed = config::complete(std::move(*written), before, after);
  if (!completed)
    return give_up(completed.error());
  return std::move(*completed);
}

} // namespace

outcome<config::contract> fetch_contract(const metadata_client& store, const std::string& dataset,
                                         const std::string& version) {
  return store.contract(dataset, version).and_then([&](const std::string& text) {
    return parse_contract(text, dataset, version);
  });
}

outcome<migration_rules> fetch_rules(const metadata_client& store, const std::string& dataset,
                                     const std::string& from, const std::string& to) {
  auto before = fetch_contract(store, dataset, from);
  if (!before)
    return hand_on(before);
  auto after_text = store.contract(dataset, to);
  if (!after_text)
    return hand_on(after_text);
  auto after = parse_contract(*after_text, dataset, to);
  if (!after)
    return hand_on(after);
  auto mapping_text = store.mapping(dataset, from, to);
  if (!mapping_text)
    return hand_on(mapping_text);
  auto mapping = parse_and_complete(*mapping_text, *before, *after);
  if (!mapping)
    return hand_on(mapping);
  return migration_rules{std::move(*before), std::move(*after), std::move(*mapping),
                         sha256_of_text(*mapping_text + '\0' + *after_text)};
}

} // namespace skein::agents
