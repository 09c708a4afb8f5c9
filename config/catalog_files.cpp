#include "config/catalog_files.hpp"

#include "config/documents.hpp"
#include "config/files.hpp"
#include "config/spelling.hpp"

namespace skein::config {

namespace {

namespace fs = std::filesystem;

void append(std::vector<failure>& to, std::vector<failure> more) {
  to.insert(to.end(), more.begin(), more.end());
}

document_key key_of(const contract& x) { return {x.dataset, x.version}; }
document_key key_of(const mapping& x) { return {x.dataset, x.from + ".." + x.to}; }

bool is_named(const contract& x) { return !x.dataset.empty() && !x.version.empty(); }
bool is_named(const mapping& x) { return !x.dataset.empty() && !x.from.empty() && !x.to.empty(); }

class reading {
public:
  reading(catalog_files& to, std::vector<failure>& mistakes) : to_{to}, mistakes_{mistakes} {}

  void entities(const fs::path& folder) {
    each_file(folder, "catalog entities", [&](const std::string& text, yaml::report& out) {
      for (const auto& document : yaml::parse(text, out)) {
        to_.entities.push_back(read_entity(document, out));
        to_.all_named = to_.all_named && !to_.entities.back().name.empty();
      }
    });
  }

  template <class T>
  void documents(const fs::path& folder, const std::string& what,
                 T (*read)(const yaml::node&, yaml::report&),
                 std::map<document_key, loaded<T>>& into) {
    each_file(folder, what + "s", [&](const std::string& text, yaml::report& out) {
      auto parsed = yaml::parse(text, out);
      if (parsed.size() != 1) {
        to_.all_named = false;
        return out.add({}, "the file must hold exactly one " + what + ", but it holds "
                               + std::to_string(parsed.size()) + " documents");
      }
      auto value = read(parsed[0], out);
      if (is_named(value))
        add(std::move(value), text, what, parsed[0].at, out, into);
      else
        to_.all_named = false;
    });
  }

private:
  template <class Read>
  void each_file(const fs::path& folder, const std::string& what, Read read) {
    auto files = yaml_files(folder, what);
    if (!files)
      return mistakes_.push_back(files.error());
    for (const auto& file : *files) {
      auto text = read_text(file);
      if (!text) {
        mistakes_.push_back(text.error());
        to_.all_named = false;
        continue;
      }
      yaml::report out{file.string()};
      read(*text, out);
      append(mistakes_, out.take());
    }
  }

  template <class T>
  void add(T value, const std::string& text, const std::string& what, yaml::place at,
           yaml::report& out, std::map<document_key, loaded<T>>& into) {
    auto key = key_of(value);
    loaded<T> entry{std::nullopt, {text, out.origin()}};
    if (out.clean())
      entry.value = std::move(value);
    auto [first, is_new] = into.emplace(key, std::move(entry));
    if (!is_new)
      out.add(at, "the " + what + " " + key.first + " " + key.second + " is there already, in "
                      + first->second.document.origin + "; remove one of the two files");
  }

  catalog_files& to_;
  std::vector<failure>& mistakes_;
};

} // namespace

catalog_files read_catalog_files(const catalog_paths& paths, std::vector<failure>& mistakes) {
  catalog_files result;
  reading files{result, mistakes};
  files.entities(paths.entities);
  files.documents<contract>(paths.contracts, "contract", read_contract, result.contracts);
  files.documents<mapping>(paths.mappings, "mapping", read_mapping, result.mappings);
  return result;
}

} // namespace skein::config
