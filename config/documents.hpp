#pragma once

#include "config/agent.hpp"
#include "config/contract.hpp"
#include "config/mapping.hpp"
#include "config/yaml.hpp"
#include "events/workflow.hpp"

#include <vector>

/// One reader for each kind of document. Each reports every mistake and answers what it could
/// read; the answer counts only while the report is clean. Internal to config/.
namespace skein::config {

contract read_contract(const yaml::node&, yaml::report&);
mapping read_mapping(const yaml::node&, yaml::report&);
agent read_agent(const yaml::node&, yaml::report&);

struct placed_workflow {
  workflow value;
  yaml::place at;
  std::vector<yaml::place> agents; ///< where each step names its agent
};

placed_workflow read_workflow(const yaml::node&, yaml::report&);

/// Parses a text that must hold exactly one document of a kind.
template <class T>
checked<T> read_only_document(std::string_view text, const std::string& origin,
                              T (*read)(const yaml::node&, yaml::report&)) {
  yaml::report out{origin};
  auto documents = yaml::parse(text, out);
  if (documents.size() == 1) {
    auto value = read(documents[0], out);
    if (out.clean())
      return value;
  } else if (out.clean()) {
    out.add({}, "the file must hold exactly one document, but it holds "
                    + std::to_string(documents.size()));
  }
  return tl::unexpected{out.take()};
}

} // namespace skein::config
