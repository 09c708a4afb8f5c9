#include "actors/api/http_api.hpp"
#include "actors/api/openapi.hpp"

#include <catch2/catch.hpp>
#include <cctype>
#include <nlohmann/json.hpp>
#include <set>

using namespace skein;
using namespace skein::actors;
using nlohmann::json;

namespace {

std::string upper(std::string text) {
  for (auto& x : text)
    x = static_cast<char>(std::toupper(static_cast<unsigned char>(x)));
  return text;
}

std::set<std::string> names_of(roles may) {
  std::set<std::string> result;
  for (const auto each : {role::viewer, role::operator_, role::agent, role::admin})
    if ((may & of(each)) != 0)
      result.emplace(to_string(each));
  return result;
}

} // namespace

TEST_CASE("every route is in the document, every path of the document is a route, with its roles") {
  const auto document = json::parse(openapi_document());
  std::map<std::string, std::set<std::string>> described, served;
  for (const auto& [path, methods] : document["paths"].items())
    for (const auto& [method, operation] : methods.items())
      described[upper(method) + " " + path]
          = operation.value("x-roles", json::array()).get<std::set<std::string>>();
  for (const auto& route : http_routes({}))
    served[route.method + " " + route.pattern] = names_of(route.may);
  CHECK(described == served);
}

TEST_CASE("a route is found by its own pattern, whatever comes before it") {
  const api_routes routes{http_routes({})};
  for (const auto& route : routes.all()) {
    auto path = route.pattern;
    for (auto open = path.find('{'); open != path.npos; open = path.find('{'))
      path.replace(open, path.find('}') - open + 1, "x@v2");
    INFO(route.method << " " << path);
    CHECK(routes.find(route.method, path).route == &route);
  }
}
