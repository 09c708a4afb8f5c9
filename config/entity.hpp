#pragma once

#include "config/catalog.hpp"
#include "config/yaml.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// Backstage's Descriptor Format of Catalog Entities, as far as Skein reads it
/// (https://backstage.io/docs/features/software-catalog/descriptor-format). Internal to config/.
namespace skein::config {

/// Something an entity says, with `file:line:column` of where it says it.
struct said {
  std::string text;
  std::string origin;
};

/// What an annotation lists, with the place of the annotation.
struct said_names {
  std::vector<std::string> names;
  std::string origin;
};

/// One document of an entity file.
struct entity {
  std::string kind; ///< lower case
  std::string name_space;
  std::string name;
  std::string origin;
  std::string title;
  std::string type; ///< `spec.type`
  std::string criticality;
  std::string email;
  said owner;
  std::vector<said> depends_on;    ///< references, full and in lower case
  std::vector<said> dependency_of; ///< the same relation, told from its other end
  said current_version;
  said target_version;
  std::map<std::string, std::vector<said>> reads; ///< dataset id to columns
  said_names channels;                            ///< of a group or user

  entity_ref ref() const { return kind + ":" + name_space + "/" + name; }
  bool is_dataset() const { return kind == "resource" && type == "dataset"; }
};

entity read_entity(const yaml::node&, yaml::report&);

/// `[kind:][namespace/]name` made full, in lower case, since Backstage compares references so.
/// Empty when the text is no reference.
std::string full_ref(std::string_view text, std::string_view default_kind,
                     std::string_view default_namespace);

} // namespace skein::config
