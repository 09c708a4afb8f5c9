#pragma once

#include "config/quiet_hours.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace skein::config {

struct smtp {
  std::string url;  ///< `smtp://host:port` or `smtps://host:port`; empty: write to the outbox
  std::string user; ///< may be empty: no login
  std::string password_env; ///< name of the environment variable that holds the password
  std::string ca_file;
  bool starttls = true; ///< refuse to send when the server does not offer it
};

/// On which channels owners are told that a migration rests. It fits when its kind and its owner
/// are named, or none is.
struct route {
  std::set<std::string> kinds;  ///< `held` and so on
  std::set<std::string> owners; ///< `group:default/film`
  std::vector<std::string> channels;
};

/// What is told again when nobody answers.
struct reminders {
  std::set<std::string> kinds{"held"};
  std::chrono::seconds after{0}; ///< since the owner was told; 0: there are no reminders
  std::chrono::seconds every{0};
  uint32_t at_most = 3;
  std::chrono::seconds escalate_after{0}; ///< since it came to rest; 0: never
  std::vector<std::string> escalate_to;   ///< mail addresses, told besides the owner
  std::vector<std::string> escalate_on;   ///< channels, besides its own
};

struct notifications {
  std::string from = "skein@localhost";
  std::filesystem::path outbox; ///< where `.eml` files go without a server
  config::smtp smtp;
  std::chrono::seconds digest_wait{600}; ///< how long a digest waits for the rest of its scan
  std::vector<std::string> channels{"email"};
  std::vector<route> routes; ///< the first that fits, before `channels`
  /// What owners ask for in the catalog; comes before all but routes that name the owner. Not of
  /// skein.yaml: `owner_channels` (config/owner_channels.hpp) has it.
  std::map<std::string, std::vector<std::string>> of_owners;
  std::vector<std::string> copies; ///< channels that are told of all that is completed, as well
  std::optional<std::chrono::minutes> daily; ///< one digest a day, at this time of it; else a scan
  std::string time_zone = "UTC";
  config::quiet_hours quiet;
  std::set<std::string> urgent; ///< kinds that wait for neither
  config::reminders reminders;
};

/// Why an owner is told that a migration rests.
inline const std::vector<std::string> kinds_of_rest{"held", "parked", "quarantined", "rolled_back"};

/// The channels on which its owner is told. Never empty.
const std::vector<std::string>& channels_for(const notifications&, const std::string& kind,
                                             const std::string& owner);

/// When what came to be told at a time is told at the earliest: at the hour of the daily digest,
/// and not in quiet hours. What is urgent is told at once.
utc_time told_from(const notifications&, bool is_urgent, utc_time since);

} // namespace skein::config
