#pragma once

#include "cluster/http_server.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace skein::agents::test {

/// A metadata store over real HTTP, as docs/metadata-api.md says, with one dataset `films`
/// (v1 to v2, CSV to CSV) and three consumers; tests change what it holds.
class metadata_server {
public:
  metadata_server();

  std::string url() const;

  /// Runs `change` while no request is being answered.
  template <class Change>
  void edit(Change change) {
    const std::lock_guard guard{mutex_};
    change(*this);
  }

  std::map<std::string, nlohmann::json> datasets;
  std::map<std::string, std::string> documents; ///< `films/contracts/v1`, `films/mappings/v1..v2`
  nlohmann::json consumers;
  int fails_with = 0; ///< status of every answer; 0: works
  std::vector<nlohmann::json> version_posts;

  std::string version_of(const std::string& id);

private:
  cluster::http_response answer(const cluster::http_request&);
  cluster::http_response list(const cluster::http_request&);
  cluster::http_response set_version(const std::string& id, const std::string& body);

  std::mutex mutex_;
  std::unique_ptr<cluster::http_server> server_;
};

inline constexpr const char* films_csv = "Title,Gross,Director\n"
                                         "Jaws,260000000,Steven Spielberg\n"
                                         "The Piano,40157856,Jane Campion\n";

} // namespace skein::agents::test
