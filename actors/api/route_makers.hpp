#pragma once

#include "actors/api/router.hpp"

#include <string>
#include <utility>

/// Short words for making routes.
namespace skein::actors {

inline constexpr roles readers = role::viewer | role::operator_ | role::admin;
inline constexpr roles readers_and_agents = readers | role::agent;
inline constexpr roles operators = role::operator_ | role::admin;
inline constexpr roles writers = role::operator_ | role::admin | role::agent;

/// A handler that has its answer at once.
template <class Make>
api_handler at_once(Make make) {
  return [make](const api_call& call, const api_reply& reply) { reply(make(call)); };
}

inline api_route get(std::string pattern, api_handler handle, roles may = readers) {
  return {"GET", std::move(pattern), may, std::move(handle)};
}

inline api_route post(std::string pattern, roles may, api_handler handle) {
  return {"POST", std::move(pattern), may, std::move(handle)};
}

} // namespace skein::actors
