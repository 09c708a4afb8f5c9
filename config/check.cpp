#include "config/documents.hpp"
#include "config/entity.hpp"
#include "config/files.hpp"
#include "config/owner_channels.hpp"
#include "config/workspace.hpp"
#include "config/workspace_settings.hpp"

#include <algorithm>
#include <optional>

namespace skein::config {

namespace {

namespace fs = std::filesystem;

void append(std::vector<failure>& to, std::vector<failure> more) {
  to.insert(to.end(), more.begin(), more.end());
}

/// Told by the fields that only one kind of document has.
void check_document(const yaml::node& x, const fs::path& file, yaml::report& out) {
  const auto* version = x.find("apiVersion");
  const auto* kind = x.find("kind");
  if (kind && kind->value.text == "DataContract")
    read_contract(x, out);
  else if (version && version->value.text.find("backstage.io/") != std::string::npos)
    read_entity(x, out);
  else if (version)
    read_contract(x, out);
  else if (x.find("mapping"))
    read_mapping(x, out);
  else if (x.find("workflow"))
    read_workflow(x, out);
  else if (x.find("workspace"))
    read_settings(x, fs::absolute(file).parent_path(), out);
  else if (x.find("name") || x.find("command") || x.find("image"))
    read_agent(x, out);
  else
    out.add(x.at, "this is none of Skein's documents; a workflow, mapping or workspace begins with "
                  "that word, an agent has a name, a contract or an entity an apiVersion");
}

std::vector<failure> check_file(const fs::path& file) {
  auto text = read_text(file);
  if (!text)
    return {text.error()};
  yaml::report out{file.string()};
  auto documents = yaml::parse(*text, out);
  if (documents.empty() && out.clean())
    out.add({}, "the file holds no document");
  for (const auto& x : documents)
    check_document(x, file, out);
  return out.take();
}

/// Where the catalog is, whatever else is wrong with the workspace.
std::optional<catalog_paths> catalog_of(const fs::path& folder) {
  yaml::report ignored{""};
  auto documents = yaml::parse(read_text(folder / "skein.yaml").value_or(""), ignored);
  if (documents.size() != 1)
    return {};
  return read_settings(documents[0], folder, ignored).value.catalog;
}

/// Appends what is wrong; answers whether there was anything to look at.
bool check_below(const fs::path& folder, std::vector<failure>& found) {
  if (fs::exists(folder / "skein.yaml")) {
    append(found, check_workspace(folder));
    return true;
  }
  bool any = false;
  std::vector<fs::path> entries;
  for (const auto& x : fs::directory_iterator{folder})
    if (!x.path().filename().string().starts_with("."))
      entries.push_back(x.path());
  std::sort(entries.begin(), entries.end());
  for (const auto& x : entries)
    if (fs::is_directory(x) && !fs::is_symlink(x))
      any |= check_below(x, found);
    else if (is_yaml_file(x)) {
      append(found, check_file(x));
      any = true;
    }
  return any;
}

std::vector<failure> check_folder(const fs::path& folder) {
  std::vector<failure> found;
  if (!check_below(folder, found))
    found.push_back({folder.string()
                     + ": there is nothing to check here: no workspace, which is a folder with a "
                       "skein.yaml, and no .yaml or .yml file, in it or below; check the path"});
  return found;
}

failure unreadable(const fs::path& path, const fs::filesystem_error& why) {
  return {path.string() + ": it cannot be looked into (" + why.what() + ")"};
}

} // namespace

std::vector<failure> check(const std::filesystem::path& path) try {
  if (!fs::exists(path))
    return {{path.string() + ": there is no such file or folder; check the path"}};
  return fs::is_directory(path) ? check_folder(path) : check_file(path);
} catch (const fs::filesystem_error& why) {
  return {unreadable(path, why)};
}

std::vector<failure> check_workspace(const fs::path& folder) try {
  std::vector<failure> found;
  const auto space = load_workspace(folder);
  if (!space)
    append(found, space.error());
  const auto paths = catalog_of(folder);
  if (!paths)
    return found;
  const auto entities = load_catalog(*paths);
  if (!entities)
    append(found, entities.error());
  if (!space || !entities)
    return found;
  if (auto channels = owner_channels(*space, *entities); !channels)
    append(found, channels.error());
  return found;
} catch (const fs::filesystem_error& why) {
  return {unreadable(folder, why)};
}

} // namespace skein::config
