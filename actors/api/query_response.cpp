#include "actors/api/query_response.hpp"

#include "actors/json_text.hpp"

#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

const char* title_of(int status) {
  switch (status) {
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 409: return "Conflict";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 503: return "Service Unavailable";
    default: return status < 500 ? "Request Failed" : "Internal Server Error";
  }
}

} // namespace

query_response json_response(const nlohmann::json& body, int status) {
  return {.status = status, .body = dump_json(body)};
}

query_response tagged(query_response answer, uint64_t version) {
  answer.headers.emplace_back("ETag", "\"" + std::to_string(version) + "\"");
  return answer;
}

query_response problem(int status, const std::string& detail) {
  return cluster::http_problem(status, title_of(status), detail);
}

query_response problem(int status, const std::string& detail, const nlohmann::json& more) {
  auto answer = problem(status, detail);
  auto body = nlohmann::json::parse(answer.body);
  body.update(more);
  answer.body = dump_json(body);
  return answer;
}

} // namespace skein::actors
