#include "tools/skein/doctor/checks.hpp"

#include "tools/skein/words.hpp"

#include <algorithm>

namespace skein::console::doctor {

namespace {

void append(findings& to, findings more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

constexpr std::size_t folders_wanted = 3; ///< state, data, outbox

finding unseen(const char* about) {
  return {about, verdict::warning,
          "not looked at: skein.yaml has to be mended first, since it says where to look"};
}

/// One sentence for all of them that are well, and each that is not.
findings check_secrets(const std::vector<secret_facts>& all) {
  findings result;
  for (const auto& each : all)
    append(result, check(each));
  if (result.empty() && !all.empty())
    result.push_back({"permissions", verdict::ok,
                      counted(all.size(), "file or folder is", "files and folders are")
                          + " closed to others, as they should be"});
  return result;
}

} // namespace

std::string_view to_string(verdict x) noexcept {
  switch (x) {
    case verdict::ok: return "ok";
    case verdict::warning: return "warning";
    case verdict::problem: return "problem";
  }
  return "problem";
}

findings check(const workspace_facts& x) {
  findings result;
  for (std::size_t i = 0; i < std::min(x.mistakes.size(), mistakes_shown); ++i)
    result.push_back({"workspace", verdict::problem, x.mistakes[i]});
  if (x.mistakes.size() > mistakes_shown)
    result.push_back({"workspace", verdict::problem,
                      counted(x.mistakes.size() - mistakes_shown, "more mistake", "more mistakes")
                          + ": skein check shows all of them"});
  if (x.mistakes.empty())
    result.push_back({"workspace", verdict::ok,
                      x.folder.string()
                          + ": skein.yaml, agents, workflows, contracts, mappings and the catalog "
                            "fit together"});
  for (const auto& each : x.warnings)
    result.push_back({"workspace", verdict::warning, each});
  return result;
}

findings check(const agents_facts& x) {
  findings result;
  for (const auto& each : x.agents)
    if (each.program.empty())
      result.push_back({"agents", verdict::problem, each.why});
  const auto found = x.agents.size() - result.size();
  const auto whose = x.as_daemon ? "with the running daemon's environment"
                                 : "with this shell's environment, which skeind may not share";
  if (found > 0)
    result.push_back({"agents", verdict::ok,
                      counted(found, "agent's program is", "agents' programs are")
                          + " there and can be run, " + whose});
  return result;
}

findings check(const daemon_facts& x) {
  using file = daemon_facts::run_file;
  const std::string who = x.pid == 0 ? "skeind" : "skeind (process " + std::to_string(x.pid) + ")";
  if (x.file == file::none)
    return {{"daemon", verdict::ok, "skeind is not running here; skein run or skeind starts it"}};
  if (x.file == file::stale)
    return {{"daemon", verdict::warning,
             "daemon.json names process " + std::to_string(x.pid)
                 + ", which is gone: skeind was killed. The next start goes on where the log ends "
                   "and replaces the file"}};
  if (!x.why_silent.empty())
    return {{"daemon", verdict::problem,
             who + " does not answer at " + x.url + ": " + x.why_silent
                 + "; see skeind.log in the state folder, and start it again"}};
  findings result;
  if (x.ready_status == 200)
    result.push_back({"daemon", verdict::ok, who + " answers at " + x.url + " and is ready"});
  else
    result.push_back({"daemon", verdict::problem,
                      who + " cannot work just now: " + x.ready_says
                          + "; it goes on by itself once that is mended"});
  if (!x.is_same_build)
    result.push_back({"daemon", verdict::warning,
                      who
                          + " is of another version than this console; start it again, so that "
                            "both are the same"});
  return result;
}

findings check(const log_facts& x) {
  findings result;
  if (!x.exists)
    result.push_back({"log", verdict::ok, "there is no log yet; the first start makes one"});
  else if (!x.why_unreadable.empty())
    result.push_back({"log", verdict::problem, x.why_unreadable});
  else
    result.push_back({"log", verdict::ok,
                      "it opens, and has all " + counted(x.last_sequence, "event", "events")
                          + " that anybody was told of"});
  if (!x.audit_key_unusable.empty())
    result.push_back({"audit", verdict::problem, x.audit_key_unusable});
  else if (x.has_audit_key)
    result.push_back({"audit", verdict::ok, "the key in " + x.audit_key.string() + " can sign"});
  else if (x.has_heads)
    result.push_back({"audit", verdict::problem,
                      "heads were signed, and the key is not in " + x.audit_key.string()
                          + ": the next start would sign with a new one, which nobody who noted a "
                            "head knows; put the old one back"});
  else
    result.push_back({"audit", verdict::ok, "the first start makes a key to sign with"});
  return result;
}

findings check(const facts& all) {
  findings result;
  const auto skip = [&](const char* about) {
    if (!all.is_remote)
      result.push_back(unseen(about));
  };
  const auto add = [&](const char* about, const auto& what) {
    if (what)
      append(result, check(*what));
    else
      skip(about);
  };
  add("workspace", all.workspace);
  add("agents", all.agents);
  add("daemon", all.daemon);
  add("nats", all.nats);
  if (all.folders.size() < folders_wanted)
    skip("disk");
  for (const auto& each : all.folders)
    append(result, check(each));
  if (!all.is_remote)
    append(result, check(all.limits));
  append(result, check(all.clock));
  append(result, check_secrets(all.secrets));
  if (all.http)
    append(result, check(*all.http, all.clock.now));
  else
    skip("http");
  add("log", all.log);
  return result;
}

} // namespace skein::console::doctor
