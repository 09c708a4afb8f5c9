// What is made of the machine: disks, clock, permissions, limits, and who can reach it.
#include "tools/skein/doctor/checks.hpp"

#include "tools/skein/words.hpp"

#include <fmt/format.h>
#include <optional>

namespace skein::console::doctor {

namespace {

constexpr uint64_t state_bytes_least = 256 << 20; ///< below it the log's next files may not fit
constexpr uint64_t state_bytes_wanted = 2ull << 30;
constexpr uint64_t other_bytes_least = 64 << 20;
constexpr uint64_t inodes_least = 1'000;
constexpr auto slow_sync = std::chrono::milliseconds{50};
constexpr auto clocks_apart = std::chrono::seconds{5};
constexpr uint64_t open_files_wanted = 4096;
constexpr auto expires_soon = std::chrono::hours{24 * 21};

std::string milliseconds(std::chrono::microseconds span) {
  return fmt::format("{:.1f} ms", static_cast<double>(span.count()) / 1000);
}

long days(std::chrono::system_clock::duration span) {
  return std::chrono::duration_cast<std::chrono::hours>(span).count() / 24;
}

findings check_room(const folder_facts& x, const std::string& where) {
  const auto free = bytes_text(static_cast<double>(x.free_bytes)) + " free";
  const auto least = x.is_state ? state_bytes_least : other_bytes_least;
  findings result;
  if (x.free_bytes < least)
    result.push_back(
        {"disk", verdict::problem,
         where + " has only " + free + "; make room, "
             + (x.is_state ? "or the log takes nothing more" : "or what is written there fails")});
  else if (x.is_state && x.free_bytes < state_bytes_wanted)
    result.push_back({"disk", verdict::warning,
                      where + " has " + free + "; make room before the log and its view fill it"});
  if (x.inodes > 0 && x.free_inodes < inodes_least)
    result.push_back({"disk", verdict::problem,
                      where + " has room for " + count_text(x.free_inodes)
                          + " more files (inodes); remove files, or use another file system"});
  return result;
}

findings check_kind(const folder_facts& x, const std::string& where) {
  if (!x.is_state)
    return {};
  if (x.file_system == "tmpfs" || x.file_system == "ramfs")
    return {{"disk", verdict::warning,
             where + " is in memory (" + x.file_system
                 + "): the log, which is the only truth, is gone when the machine stops. Keep it "
                   "on a disk"}};
  for (const auto* shared : {"nfs", "smb", "cifs", "fuse", "9p"})
    if (x.file_system.starts_with(shared))
      return {{"disk", verdict::warning,
               where + " is on " + x.file_system
                   + ", where an fsync may promise what it does not keep; put the state folder on "
                     "a local disk"}};
  return {};
}

/// The daemon reads its own files when it starts; its clients theirs whenever they ask something.
std::string what_to_do(const certificate_facts& x) {
  return x.is_own ? "; replace it, else agents and the console here are not let in"
                  : "; replace it, and start skeind again";
}

std::string in_days(std::chrono::system_clock::duration span) {
  return counted(static_cast<uint64_t>(days(span)), "day", "days");
}

std::optional<finding> check_certificate(const certificate_facts& x, time_point now) {
  const auto which = "the certificate " + x.path.string();
  if (!x.why_unusable.empty())
    return finding{"http", verdict::problem, x.why_unusable};
  if (x.begins && *x.begins > now)
    return finding{"http", verdict::problem,
                   which + " is not valid yet, but in " + in_days(*x.begins - now) + what_to_do(x)};
  if (x.expires && *x.expires <= now)
    return finding{"http", verdict::problem,
                   which + " expired " + in_days(now - *x.expires) + " ago" + what_to_do(x)};
  if (x.expires && *x.expires - now < expires_soon)
    return finding{"http", verdict::warning,
                   which + " expires in " + in_days(*x.expires - now) + what_to_do(x)};
  return std::nullopt;
}

} // namespace

findings check(const folder_facts& x) {
  const auto where = "the " + x.role + " folder " + x.path.string();
  if (!x.exists && x.role == "data")
    return {{"disk", verdict::problem,
             where + " is not there; make it, or correct `paths: data:` in skein.yaml"}};
  if (!x.exists && x.unwritable.empty())
    return {{"disk", verdict::ok, where + " is not there yet; it is made when it is needed"}};
  if (!x.exists)
    return {{"disk", verdict::problem,
             where + " is not there and cannot be made by this user: " + x.unwritable}};
  auto result = check_room(x, where);
  for (auto& each : check_kind(x, where))
    result.push_back(std::move(each));
  if (!x.unwritable.empty())
    result.push_back({"disk", verdict::problem,
                      where + " cannot be written by this user: " + x.unwritable
                          + "; correct its owner or mode"});
  else if (x.sync_time && x.is_state && *x.sync_time > slow_sync)
    result.push_back({"disk", verdict::warning,
                      "an fsync in " + where + " took " + milliseconds(*x.sync_time)
                          + "; every order waits for one, so a quicker disk would help"});
  if (result.empty())
    result.push_back({"disk", verdict::ok,
                      where + ": " + bytes_text(static_cast<double>(x.free_bytes)) + " free on "
                          + x.file_system
                          + (x.sync_time ? ", an fsync took " + milliseconds(*x.sync_time) : "")});
  return result;
}

findings check(const limit_facts& x) {
  if (x.open_files_most < open_files_wanted)
    return {{"limits", verdict::warning,
             "skeind may open " + count_text(x.open_files_most)
                 + " files, and each reader of the live events is one; raise it above "
                 + count_text(open_files_wanted)
                 + " (ulimit -Hn, LimitNOFILE= of systemd, nofile in limits.conf)"}};
  return {{"limits", verdict::ok, "skeind may open " + count_text(x.open_files_most) + " files"}};
}

findings check(const clock_facts& x) {
  findings result;
  if (x.ahead && std::chrono::abs(*x.ahead) > clocks_apart)
    result.push_back(
        {"clock", verdict::problem,
         fmt::format("this machine's clock is {:.0f} s {} the daemon's; have both follow NTP",
                     static_cast<double>(std::chrono::abs(*x.ahead).count()) / 1000,
                     x.ahead->count() > 0 ? "ahead of" : "behind")});
  if (x.newest_event && *x.newest_event > x.now + clocks_apart)
    result.push_back(
        {"clock", verdict::problem,
         fmt::format(
             "the log's newest event is {} s in the future: the clock was set back, or "
             "was wrong when it was written; set it right before anything is ordered",
             std::chrono::duration_cast<std::chrono::seconds>(*x.newest_event - x.now).count())});
  if (result.empty())
    result.push_back({"clock", verdict::ok,
                      std::string{"nothing is in the future"}
                          + (x.ahead ? ", and the daemon's clock agrees" : "")});
  if (x.is_synchronised == false)
    result.push_back({"clock", verdict::warning,
                      "the kernel says that no time server keeps this clock right; run one, such "
                      "as chrony or systemd-timesyncd"});
  return result;
}

findings check(const secret_facts& x) {
  const auto mode = fmt::format("{:04o}", x.mode & 07777u);
  const auto which = x.what + " " + x.path.string();
  if (!x.is_ours)
    return {{"permissions", verdict::problem,
             which + " belongs to another user; give it to the one that runs skeind (chown)"}};
  if ((x.mode & 0077u) == 0)
    return {};
  // What is in the folder has modes of its own.
  return {{"permissions",
           x.is_folder && (x.mode & 0022u) == 0 ? verdict::warning : verdict::problem,
           which + " is open to others (mode " + mode
               + "); close it with: chmod go= " + shell_word(x.path.string())}};
}

findings check(const http_facts& x, time_point now) {
  findings result;
  if (!x.tokens_unreadable.empty())
    result.push_back({"http", verdict::problem, x.tokens_unreadable});
  else if (!x.is_loopback && x.tokens == 0)
    result.push_back({"http", verdict::problem,
                      "skeind will not start: it would listen on " + x.listen
                          + ", where others can reach it, and there is no token; make one with: "
                            "skein token create NAME --role admin"});
  if (!x.is_loopback && !x.has_tls)
    result.push_back({"http", verdict::warning,
                      "tokens cross the network in the clear on " + x.listen
                          + "; give http: tls: in skein.yaml, or let a proxy end TLS in front"});
  for (const auto& each : x.certificates)
    if (auto fault = check_certificate(each, now))
      result.push_back(std::move(*fault));
  if (result.empty())
    result.push_back(
        {"http", verdict::ok,
         "listens on " + x.listen
             + (x.is_loopback ? ", which only this machine reaches" : " with TLS and tokens")});
  return result;
}

findings check(const nats_facts& x) {
  if (x.is_own && x.program.empty() && x.url.empty())
    return {{"nats", verdict::problem,
             "skeind starts its own nats-server, and there is none on the PATH or in /usr/sbin; "
             "install the package nats-server, or give nats: url: in skein.yaml"}};
  if (x.url.empty())
    return {{"nats", verdict::ok,
             x.program + (x.version.empty() ? "" : " (" + x.version + ")")
                 + " is there; skeind starts it when it starts"}};
  const auto which = (x.is_own ? "skeind's own server at " : "the server at ") + x.url;
  if (!x.why_not.empty())
    return {{"nats", verdict::problem,
             which + " does not answer: " + x.why_not
                 + (x.is_own ? "; start skeind again"
                             : "; start it, or correct nats: url: in skein.yaml")}};
  if (!x.without_jetstream.empty())
    return {{"nats", verdict::problem,
             which + " has no JetStream (" + x.without_jetstream
                 + "); enable it: jetstream {} in its configuration, or nats-server -js"}};
  findings result;
  for (const auto& each : x.missing_streams)
    result.push_back({"nats", verdict::warning,
                      which + ": stream " + each + "; the coordinator makes it when it starts"});
  result.push_back({"nats", verdict::ok,
                    which + " answers" + (x.round_trip ? " in " + milliseconds(*x.round_trip) : "")
                        + ", with JetStream and " + count_text(x.streams - x.missing_streams.size())
                        + " of the " + counted(x.streams, "stream", "streams")});
  return result;
}

} // namespace skein::console::doctor
