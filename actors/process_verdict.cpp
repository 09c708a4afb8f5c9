#include "actors/process_verdict.hpp"

#include "actors/json_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <csignal>
#include <cstdio>

namespace skein::actors {

namespace {

constexpr int exit_retry = 75; // EX_TEMPFAIL
constexpr std::size_t reason_bytes_max = 2048;

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

/// A failed allocation is a common error to its program; only its words tell it apart.
bool says_out_of_memory(std::string_view stderr_tail) {
  const auto text = lower(stderr_tail);
  constexpr std::array words{"out of memory", "bad_alloc", "cannot allocate memory", "memoryerror"};
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return text.find(word) != text.npos; });
}

std::string seconds_of(std::chrono::milliseconds span) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g s", static_cast<double>(span.count()) / 1000);
  return text.data();
}

/// `how: why`, or only how.
std::string explained(std::string how, const std::string& why) {
  return why.empty() ? how : how + ": " + why;
}

migration::setback out_of_memory(const cluster::exit_status& how, const run_limits& limits,
                                 const std::string& why) {
  const auto mebibytes = std::to_string(limits.memory_bytes >> 20);
  const auto limit = limits.memory_bytes == 0 ? "" : " of " + mebibytes + " MiB";
  const auto what = how.signal == SIGKILL
                        ? "killed from outside, most likely for lack of memory" + limit
                        : "ran out of memory" + limit;
  return {error_class::out_of_memory, explained(what, why)};
}

migration::setback failure_of(const cluster::exit_status& how, const run_limits& limits) {
  const auto why = reason_from(how.stderr_tail);
  if (how.timed_out)
    return {error_class::timeout, explained("ran longer than " + seconds_of(limits.wall), why)};
  if (how.terminated)
    return {error_class::lost, "stopped before it had ended"};
  if (how.cpu_limit_hit)
    return {error_class::permanent,
            explained("used more than " + seconds_of(limits.cpu) + " of CPU", why)};
  if (how.signal == 0 && how.exit_code == exit_retry)
    return {error_class::transient, why.empty() ? "asked for a retry without a reason" : why};
  if (how.signal == SIGKILL || says_out_of_memory(how.stderr_tail))
    return out_of_memory(how, limits, why);
  if (how.signal != 0 || why.empty())
    return {error_class::permanent, explained("the agent " + describe(how), why)};
  return {error_class::permanent, why};
}

} // namespace

std::string reason_from(std::string_view stderr_tail) {
  std::string reason;
  auto left = stderr_tail;
  while (!left.empty()) {
    const auto newline = left.rfind('\n');
    const auto raw = newline == left.npos ? left : left.substr(newline + 1);
    left = newline == left.npos ? std::string_view{} : left.substr(0, newline);
    const auto line = clean_text(raw, reason_bytes_max);
    if (line.find_first_not_of(" \t\r") == line.npos)
      continue;
    if (!reason.empty() && line.size() + 1 + reason.size() > reason_bytes_max)
      break;
    reason = reason.empty() ? line : line + "\n" + reason;
  }
  return reason;
}

std::variant<migration::success, migration::setback> verdict_of(const cluster::exit_status& how,
                                                                const printed_output& printed,
                                                                const run_limits& limits) {
  // An agent told to stop may exit with 0 without having done its work.
  if (!how.success() || how.timed_out || how.terminated)
    return failure_of(how, limits);
  if (!printed && how.output_lost)
    return migration::setback{error_class::permanent,
                              "the agent printed more than is read of it, so that its output was "
                              "lost; have it print less"};
  if (!printed)
    return migration::success{};
  if (!*printed)
    return printed->error();
  return **printed;
}

} // namespace skein::actors
