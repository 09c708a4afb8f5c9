#include "config/entity.hpp"

#include "config/spelling.hpp"
#include "config/yaml_reader.hpp"

#include <algorithm>

namespace skein::config {

namespace {

using yaml::map_reader;

constexpr std::string_view reads_prefix = "skein.io/reads.";
constexpr auto channels_key = "skein.io/channels";

const std::vector<std::string> kinds{"Resource", "Component", "Group",    "User", "System",
                                     "Domain",   "Location",  "Template", "API"};

std::string read_kind(const map_reader& in) {
  auto version = in.required_text("apiVersion");
  bool known = version == "backstage.io/v1alpha1" || version == "backstage.io/v1beta1"
               || version.starts_with("scaffolder.backstage.io/");
  if (!version.empty() && !known)
    in.mistake("apiVersion", "the entity's apiVersion cannot be " + quote(version)
                                 + "; write backstage.io/v1alpha1");
  auto kind = in.required_text("kind");
  auto is_it = [&](const std::string& x) { return lower(x) == lower(kind); };
  if (!kind.empty() && std::none_of(kinds.begin(), kinds.end(), is_it))
    in.mistake("kind", "there is no entity kind " + quote(kind) + suggestion(kind, kinds));
  return lower(kind);
}

said version_of(const map_reader& annotations, const char* key) {
  said result{annotations.text(key), annotations.out().at(annotations.at(key))};
  if (!result.text.empty() && !is_name(result.text))
    annotations.mistake(key, quote(result.text)
                                 + " cannot be a version; use letters, digits, -, _ "
                                   "and . only, at most 63");
  return result;
}

/// What an annotation lists, separated by commas, each once; `what` it should be.
said_names list_in(const yaml::field& annotation, const char* what, yaml::report& out) {
  said_names found{{}, out.at(annotation.value.at)};
  auto& names = found.names;
  auto text = text_of(annotation.value, out, "the annotation " + quote(annotation.key));
  for (std::string_view rest = text ? *text : std::string_view{}; !rest.empty();) {
    auto comma = std::min(rest.find(','), rest.size());
    auto name = trimmed(rest.substr(0, comma));
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end())
      names.emplace_back(name);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  if (text && names.empty())
    out.add(annotation.value.at, "the annotation " + quote(annotation.key) + " must list " + what
                                     + ", separated by commas");
  return found;
}

std::vector<said> columns_in(const yaml::field& annotation, yaml::report& out) {
  const auto list = list_in(annotation, "columns", out);
  std::vector<said> columns;
  for (const auto& name : list.names)
    columns.push_back({name, list.origin});
  return columns;
}

void check_annotation(const yaml::field& x, yaml::report& out) {
  static const std::vector<std::string> known{"skein.io/current-version", "skein.io/target-version",
                                              channels_key};
  if (std::find(known.begin(), known.end(), x.key) != known.end())
    return;
  if (x.key.starts_with("skein.io/") || !nearest(x.key, known).empty())
    out.add(x.at, "Skein has no annotation " + quote(x.key) + suggestion(x.key, known)
                      + "; columns read of a dataset stand in skein.io/reads.<dataset>");
}

void read_channels(const yaml::field& annotation, entity& to, yaml::report& out) {
  if (to.kind == "group" || to.kind == "user")
    to.channels = list_in(annotation, "channels", out);
  else
    out.add(annotation.at, "the annotation " + quote(channels_key)
                               + " is for a Group or a User, who is told on them; " + quote(to.name)
                               + " is a " + to.kind);
}

void read_annotations(const map_reader& metadata, entity& to, yaml::report& out) {
  const auto* from = metadata.map("annotations");
  if (!from)
    return;
  map_reader in{*from, out, "the annotations", {}, yaml::unknown_keys::near_misses_refused};
  to.current_version = version_of(in, "skein.io/current-version");
  to.target_version = version_of(in, "skein.io/target-version");
  for (const auto& x : from->fields)
    if (x.key.starts_with(reads_prefix))
      to.reads[x.key.substr(reads_prefix.size())] = columns_in(x, out);
    else if (x.key == channels_key)
      read_channels(x, to, out);
    else
      check_annotation(x, out);
}

void read_labels(const map_reader& metadata, entity& to, yaml::report& out) {
  to.criticality = "medium";
  const auto* from = metadata.map("labels");
  if (!from)
    return;
  map_reader in{*from, out, "the labels", {"criticality"}, yaml::unknown_keys::near_misses_refused};
  to.criticality = in.choice("criticality", {"low", "medium", "high"}, "medium");
}

void read_metadata(const map_reader& outer, entity& to, yaml::report& out) {
  const auto* from = outer.map("metadata");
  if (!from)
    return outer.find("metadata") || !outer.is_map()
               ? void()
               : outer.mistake("metadata", "the entity needs a map of fields under \"metadata\"");
  map_reader in{*from,
                out,
                "the metadata",
                {"name", "namespace", "title", "description", "labels", "annotations", "tags",
                 "links", "uid", "etag"},
                yaml::unknown_keys::near_misses_refused};
  to.name = in.required_text("name");
  to.name_space = in.text("namespace", "default");
  for (const char* key : {"name", "namespace"})
    if (auto x = in.text(key); !x.empty() && !is_name(x))
      in.mistake(key, quote(x) + " cannot be the " + key
                          + " of an entity; use letters, digits, -, _ and . only, at most 63");
  to.title = in.text("title", to.name);
  read_annotations(in, to, out);
  read_labels(in, to, out);
}

std::vector<said> read_refs(const map_reader& in, const char* key, const entity& of) {
  std::vector<said> result;
  const auto* list = in.find(key);
  auto texts = in.texts(key);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    bool listed = list->what == yaml::node::kind::list;
    auto place = listed ? list->items[i].at : list->at;
    auto full = full_ref(texts[i], "component", of.name_space);
    if (full.empty())
      in.out().add(place, quote(texts[i])
                              + " is no reference to an entity; write it as "
                                "resource:default/movies or resource:movies");
    else
      result.push_back({full, in.out().at(place)});
  }
  return result;
}

void read_owned(const map_reader& in, entity& to) {
  to.type = in.required_text("type");
  auto owner = in.required_text("owner");
  to.owner = {full_ref(owner, "group", to.name_space), in.out().at(in.at("owner"))};
  if (!owner.empty() && to.owner.text.empty())
    in.mistake("owner", quote(owner)
                            + " is no reference to a group or user; write it as "
                              "group:default/film or film");
  to.depends_on = read_refs(in, "dependsOn", to);
  to.dependency_of = read_refs(in, "dependencyOf", to);
}

void read_profile(const map_reader& in, entity& to, yaml::report& out) {
  const auto* from = in.map("profile");
  if (!from)
    return;
  map_reader profile{*from,
                     out,
                     "the profile",
                     {"displayName", "email", "picture"},
                     yaml::unknown_keys::near_misses_refused};
  to.title = profile.text("displayName", to.title);
  to.email = profile.text("email");
  if (!to.email.empty() && !is_mail_address(to.email))
    profile.mistake("email", quote(to.email)
                                 + " is not a mail address; write one such as "
                                   "film@example.org");
}

void read_spec(const map_reader& outer, entity& to, yaml::report& out) {
  bool owned = to.kind == "resource" || to.kind == "component";
  bool owns = to.kind == "group" || to.kind == "user";
  const auto* from = owned || owns ? outer.map("spec") : nullptr;
  if (!from) {
    if (owned && !outer.find("spec"))
      outer.mistake("spec", "the entity needs a map of fields under \"spec\", with type and owner");
    return;
  }
  map_reader in{*from,
                out,
                "the spec",
                {"type", "owner", "lifecycle", "system", "subcomponentOf", "providesApis",
                 "consumesApis", "dependsOn", "dependencyOf", "profile", "parent", "children",
                 "members", "memberOf"},
                yaml::unknown_keys::near_misses_refused};
  if (owned)
    read_owned(in, to);
  else
    read_profile(in, to, out);
}

void check_dataset(const entity& x, yaml::place at, yaml::report& out) {
  if (x.is_dataset() && x.current_version.text.empty())
    out.add(at, "the dataset " + quote(x.name)
                    + " needs the annotation skein.io/current-version: the version its data is in");
  if (!x.is_dataset() && !(x.current_version.text + x.target_version.text).empty())
    out.add(at, "the entity " + quote(x.name)
                    + " has a version, so it must be a Resource with "
                      "spec.type dataset");
}

} // namespace

std::string full_ref(std::string_view text, std::string_view default_kind,
                     std::string_view default_namespace) {
  auto kind = default_kind;
  auto name_space = default_namespace;
  if (auto colon = text.find(':'); colon != std::string_view::npos) {
    kind = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (auto slash = text.find('/'); slash != std::string_view::npos) {
    name_space = text.substr(0, slash);
    text.remove_prefix(slash + 1);
  }
  if (!is_name(kind) || !is_name(name_space) || !is_name(text))
    return {};
  return lower(std::string{kind} + ":" + std::string{name_space} + "/" + std::string{text});
}

entity read_entity(const yaml::node& from, yaml::report& out) {
  map_reader in{
      from, out, "the entity", {"apiVersion", "kind", "metadata", "spec", "relations", "status"}};
  entity result;
  result.origin = out.at(from.at);
  result.kind = read_kind(in);
  read_metadata(in, result, out);
  read_spec(in, result, out);
  check_dataset(result, from.at, out);
  return result;
}

} // namespace skein::config
