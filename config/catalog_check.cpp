#include "config/catalog_check.hpp"

#include "config/spelling.hpp"

#include <filesystem>
#include <sstream>

namespace skein::config {

namespace {

std::string folder_of(const contract& x) {
  return std::filesystem::path{x.where.path}.parent_path().string();
}

bool is_within(const std::string& folder, const std::string& other) {
  return folder == other || other.empty() || folder.starts_with(other + "/");
}

class document_check {
public:
  explicit document_check(const catalog_files& files) : files_{files} {}

  std::vector<failure> run() {
    for (const auto& x : files_.entities)
      if (x.is_dataset())
        check_dataset(x);
    for (const auto& [key, x] : files_.contracts)
      check_owner("contract", key.first, x.document.origin);
    for (const auto& [key, x] : files_.mappings)
      check_mapping(key, x);
    return std::move(found_);
  }

private:
  void add(const std::string& origin, const std::string& sentence) {
    found_.push_back({origin + ": " + sentence});
  }

  void check_dataset(const entity& x) {
    need_contract(x, x.current_version);
    const auto& target = x.target_version;
    if (target.text.empty() || target.text == x.current_version.text)
      return;
    need_contract(x, target);
    auto step = x.current_version.text + ".." + target.text;
    if (files_.all_named && !files_.mappings.count({x.name, step}))
      add(target.origin, "the dataset " + quote(x.name) + " has no mapping " + step
                             + "; add a file for it to the folder of mappings");
    check_folder(x);
  }

  void need_contract(const entity& x, const said& version) {
    if (files_.all_named && !version.text.empty()
        && !files_.contracts.count({x.name, version.text}))
      add(version.origin, "the dataset " + quote(x.name) + " has no contract for its version "
                              + version.text + "; add a file for it to the folder of contracts");
  }

  /// Publishing is one rename of the whole folder, so nothing else may live in it.
  void check_folder(const entity& x) {
    auto target = files_.contracts.find({x.name, x.target_version.text});
    if (target == files_.contracts.end() || !target->second.value)
      return;
    auto folder = folder_of(*target->second.value);
    for (const auto& [key, other] : files_.contracts)
      if (key != target->first && other.value && is_within(folder_of(*other.value), folder))
        return add(target->second.document.origin,
                   "the file " + quote(target->second.value->where.path)
                       + " must have a folder of its own, but " + key.first + " " + key.second
                       + " lies in it too (" + other.value->where.path + "); write " + x.name + "/"
                       + x.target_version.text + "/…");
  }

  void check_owner(const std::string& what, const std::string& dataset, const std::string& origin) {
    std::vector<std::string> known;
    for (const auto& x : files_.entities)
      if (x.is_dataset())
        known.push_back(x.name);
    for (const auto& name : known)
      if (name == dataset)
        return;
    if (files_.all_named)
      add(origin, "the " + what + " is for the dataset " + quote(dataset)
                      + ", which the catalog does not have" + suggestion(dataset, known));
  }

  void check_mapping(const document_key& key, const loaded<mapping>& x) {
    check_owner("mapping", key.first, x.document.origin);
    if (!x.value)
      return;
    const auto* before = contract_for(key.first, x.value->from, x.value->origin);
    const auto* after = contract_for(key.first, x.value->to, x.value->origin);
    if (!before || !after)
      return;
    auto whole = complete(*x.value, *before, *after);
    if (whole)
      return;
    std::istringstream sentences{whole.error().what};
    for (std::string sentence; std::getline(sentences, sentence);)
      found_.push_back({sentence});
  }

  const contract* contract_for(const std::string& dataset, const std::string& version,
                               const std::string& origin) {
    auto found = files_.contracts.find({dataset, version});
    if (found != files_.contracts.end())
      return found->second.value ? &*found->second.value : nullptr;
    if (files_.all_named)
      add(origin, "the mapping needs the contract of " + quote(dataset) + " " + version
                      + ", but there is none");
    return nullptr;
  }

  const catalog_files& files_;
  std::vector<failure> found_;
};

} // namespace

std::vector<failure> check_documents(const catalog_files& files) {
  return document_check{files}.run();
}

} // namespace skein::config
