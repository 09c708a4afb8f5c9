#include "agents/manifest.hpp"

#include "agents/files.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace skein::agents {

std::string to_text(const manifest& x) {
  const nlohmann::json object{
      {"migration", x.migration},
      {"source", {{"sha256", x.source_sha256}, {"bytes", x.source_bytes}}},
      {"mapping_sha256", x.mapping_sha256},
      {"file", {{"name", x.file}, {"sha256", x.file_sha256}, {"bytes", x.file_bytes}}},
      {"rows", x.rows},
      {"report", nlohmann::json::parse(x.report, nullptr, false)}};
  return object.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

outcome<manifest> read_manifest(const std::filesystem::path& folder) {
  const auto path = folder / manifest_name;
  auto text = read_file(path);
  if (!text)
    return hand_on(text);
  const auto object = nlohmann::json::parse(*text, nullptr, false);
  try {
    return manifest{object.at("migration"),          object.at("source").at("sha256"),
                    object.at("source").at("bytes"), object.at("mapping_sha256"),
                    object.at("file").at("name"),    object.at("file").at("sha256"),
                    object.at("file").at("bytes"),   object.at("rows"),
                    object.at("report").dump()};
  } catch (const nlohmann::json::exception& x) {
    return give_up(fmt::format("{} is not a manifest of Skein: {}.", path.string(), x.what()));
  }
}

} // namespace skein::agents
