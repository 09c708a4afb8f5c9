#pragma once

#include "actors/api/access.hpp"
#include "actors/api/query_response.hpp"
#include "cluster/http.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skein::actors {

using api_reply = std::function<void(query_response)>;

/// A request that was let in.
struct api_call {
  cluster::http_request request;
  std::vector<std::string> at; ///< what stands for the pattern's placeholders, in order
  caller who;
};

/// Answers once, now or later, from any thread.
using api_handler = std::function<void(const api_call&, const api_reply&)>;

enum class access : uint8_t {
  open,   ///< to everybody, such as health
  guarded ///< to callers of the right roles
};

struct api_route {
  std::string method;  ///< GET (which HEAD goes to as well) or POST
  std::string pattern; ///< `/v1/migrations/{id}/events`: a placeholder fits any text, with slashes
  roles may = 0;
  api_handler handle;
  access to = access::guarded;
  bool is_quick = false; ///< answers without reading a disk: on the server's thread
};

/// The routes of an API, and which of them a path is for: the first that fits.
class api_routes {
public:
  explicit api_routes(std::vector<api_route> all) : all_{std::move(all)} {}

  struct found {
    const api_route* route = nullptr; ///< null: no route, or none with this method
    std::vector<std::string> at;
    std::string allowed; ///< the methods that the path takes; empty: there is nothing there
  };
  found find(const std::string& method, const std::string& path) const;

  const std::vector<api_route>& all() const { return all_; }

private:
  std::vector<api_route> all_;
};

/// Fits a path to a pattern; answers what stands for its placeholders.
std::optional<std::vector<std::string>> fit(std::string_view pattern, std::string_view path);

} // namespace skein::actors
