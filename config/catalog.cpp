#include "config/catalog.hpp"

#include "config/catalog_check.hpp"
#include "config/catalog_files.hpp"
#include "config/spelling.hpp"

#include <algorithm>

namespace skein::config {

namespace {

/// Turns what entities say of each other into a graph whose every end is there.
class linking {
public:
  linking(const catalog_files& files, std::vector<failure>& mistakes)
      : files_{files}, mistakes_{mistakes} {}

  void run(catalog& to) {
    index();
    turn_dependencies_of();
    for (const auto& x : files_.entities) {
      if (x.kind == "group" || x.kind == "user")
        to.owners.push_back({x.ref(), x.title, x.email, x.channels.names, x.channels.origin});
      if (x.kind == "resource" || x.kind == "component")
        link(x, to);
    }
  }

private:
  void add(const std::string& origin, const std::string& sentence) {
    mistakes_.push_back({origin + ": " + sentence});
  }

  void index() {
    for (const auto& x : files_.entities) {
      if (x.name.empty())
        continue;
      refuse_second(by_ref_, lower(x.ref()), x, "entity");
      if (x.is_dataset())
        refuse_second(datasets_, lower(x.name), x, "dataset");
    }
  }

  void refuse_second(std::map<std::string, const entity*>& seen, const std::string& key,
                     const entity& x, const std::string& what) {
    auto [first, is_new] = seen.emplace(key, &x);
    bool said_already = what == "dataset" && by_ref_.at(lower(x.ref())) != &x;
    if (!is_new && !said_already)
      add(x.origin, "the " + what + " " + quote(what == "entity" ? x.ref() : x.name)
                        + " is there already, at " + first->second->origin
                        + " (case aside); rename or remove one of them");
  }

  void turn_dependencies_of() {
    for (const auto& x : files_.entities)
      for (const auto& other : x.dependency_of)
        if (resolve(other, "dependencyOf"))
          more_[other.text].push_back({lower(x.ref()), other.origin});
  }

  const entity* resolve(const said& ref, const std::string& field) {
    auto found = by_ref_.find(ref.text);
    if (found != by_ref_.end())
      return found->second;
    if (!files_.all_named)
      return nullptr;
    add(ref.origin, "\"" + field + "\" names " + ref.text + ", which the catalog does not have"
                        + hint_for(ref));
    return nullptr;
  }

  /// The entity of that name but another kind, or else the one most alike in name.
  std::string hint_for(const said& ref) const {
    std::vector<std::string> names;
    for (const auto& [key, x] : by_ref_)
      names.push_back(lower(x->name));
    auto near = nearest(name_in(ref), names);
    for (const auto& [key, x] : by_ref_)
      if (!near.empty() && lower(x->name) == near)
        return "; did you mean " + x->ref() + "?";
    return "; add it, or correct the name";
  }

  static std::string name_in(const said& ref) { return ref.text.substr(ref.text.rfind('/') + 1); }

  std::vector<const entity*> dependencies_of(const entity& x) {
    auto all = x.depends_on;
    if (auto found = more_.find(lower(x.ref())); found != more_.end())
      all.insert(all.end(), found->second.begin(), found->second.end());
    std::vector<const entity*> result;
    for (const auto& ref : all) {
      const auto* other = resolve(ref, "dependsOn");
      if (other && std::find(result.begin(), result.end(), other) == result.end())
        result.push_back(other);
    }
    return result;
  }

  void link(const entity& x, catalog& to) {
    auto owner = owner_of(x);
    auto dependencies = dependencies_of(x);
    if (x.is_dataset())
      to.datasets.push_back({x.name, x.title, owner, x.criticality, x.current_version.text,
                             pending_version(x), refs_of(dependencies, true), x.ref()});
    auto columns = columns_of(x, dependencies);
    if (!dependencies.empty())
      to.consumers.push_back({x.ref(), x.title, x.type, owner, x.criticality,
                              refs_of(dependencies, false), std::move(columns)});
  }

  static std::string pending_version(const entity& x) {
    return x.target_version.text == x.current_version.text ? "" : x.target_version.text;
  }

  entity_ref owner_of(const entity& x) {
    if (x.owner.text.empty())
      return {};
    const auto* owner = resolve(x.owner, "owner");
    if (!owner)
      return {};
    if (owner->kind != "group" && owner->kind != "user")
      add(x.owner.origin, "the owner " + owner->ref() + " must be a Group or a User");
    return owner->ref();
  }

  static std::vector<entity_ref> refs_of(const std::vector<const entity*>& all,
                                         bool datasets_only) {
    std::vector<entity_ref> refs;
    for (const auto* x : all)
      if (!datasets_only || x->is_dataset())
        refs.push_back(x->ref());
    return refs;
  }

  std::map<std::string, std::vector<std::string>>
  columns_of(const entity& x, const std::vector<const entity*>& dependencies) {
    std::map<std::string, std::vector<std::string>> result;
    for (const auto& [id, columns] : x.reads) {
      if (columns.empty())
        continue;
      auto is_it
          = [&, key = lower(id)](auto* y) { return y->is_dataset() && lower(y->name) == key; };
      auto found = std::find_if(dependencies.begin(), dependencies.end(), is_it);
      if (found != dependencies.end())
        result[(*found)->name] = known_columns(**found, columns);
      else if (files_.all_named)
        add(columns[0].origin, "the annotation says which columns of " + quote(id)
                                   + " are read, but \"dependsOn\" has no such dataset; add "
                                     "resource:"
                                   + id);
    }
    return result;
  }

  std::vector<std::string> known_columns(const entity& dataset, const std::vector<said>& columns) {
    auto found = files_.contracts.find({dataset.name, dataset.current_version.text});
    bool known = found != files_.contracts.end() && found->second.value;
    std::vector<std::string> names;
    std::vector<std::string> result;
    for (std::size_t i = 0; known && i < found->second.value->columns.size(); ++i)
      names.push_back(found->second.value->columns[i].name);
    for (const auto& x : columns) {
      if (known && !found->second.value->find(x.text))
        add(x.origin, dataset.name + " " + dataset.current_version.text + " has no column "
                          + quote(x.text) + suggestion(x.text, names));
      result.push_back(x.text);
    }
    return result;
  }

  const catalog_files& files_;
  std::vector<failure>& mistakes_;
  std::map<std::string, const entity*> by_ref_;
  std::map<std::string, const entity*> datasets_;
  std::map<std::string, std::vector<said>> more_; ///< from the other end: `dependencyOf`
};

} // namespace

checked<catalog> load_catalog(const catalog_paths& paths) {
  std::vector<failure> mistakes;
  auto files = read_catalog_files(paths, mistakes);
  catalog result;
  linking{files, mistakes}.run(result);
  auto more = check_documents(files);
  mistakes.insert(mistakes.end(), more.begin(), more.end());
  if (!mistakes.empty())
    return tl::unexpected{mistakes};
  for (auto& [key, x] : files.contracts)
    result.contracts[key] = std::move(x.document);
  for (auto& [key, x] : files.mappings)
    result.mappings[key] = std::move(x.document);
  return result;
}

} // namespace skein::config
