#pragma once

#include "tools/skein/doctor/facts.hpp"

#include <string>
#include <string_view>
#include <vector>

/// What `skein doctor` makes of what it found: pure functions, one for each kind of fact.
namespace skein::console::doctor {

enum class verdict { ok, warning, problem };

std::string_view to_string(verdict) noexcept;

struct finding {
  std::string about; ///< `disk`, `nats`, …
  verdict is = verdict::ok;
  std::string what; ///< a sentence: what was found, and what to do about it
};

using findings = std::vector<finding>;

/// How many mistakes of a workspace are shown.
inline constexpr std::size_t mistakes_shown = 5;

findings check(const workspace_facts&);
findings check(const agents_facts&);
findings check(const nats_facts&);
findings check(const daemon_facts&);
findings check(const folder_facts&);
findings check(const clock_facts&);
findings check(const secret_facts&);
findings check(const http_facts&, time_point now);
findings check(const log_facts&);
findings check(const limit_facts&);

/// All of it, in the order in which a person mends it. What could not be looked at says so.
findings check(const facts&);

} // namespace skein::console::doctor
