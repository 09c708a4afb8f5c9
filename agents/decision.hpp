#pragma once

#include "agents/notices.hpp"

#include <string>
#include <vector>

namespace skein::agents {

/// A thing that one can do, and how.
struct way_on {
  std::string what; ///< `To agree`
  std::string how;  ///< a command, to be typed as it stands but for the reason
};

/// Some facts under a title.
struct evidence {
  std::string title;
  std::vector<std::string> lines;
};

/// What a human has to decide on, or look after: composed once, for every way it is told.
struct decision {
  std::string waited;   ///< a sentence, when this is a reminder: since when, and how often
  std::string question; ///< why it rests
  std::vector<evidence> facts;
  std::vector<way_on> ways;
  std::string link; ///< where the HTTP interface shows it; empty: nobody knows
};

/// Of a notice that is not of a completed migration. `http_url` is the base URL of the HTTP
/// interface as people reach it, or empty. Pure.
decision decision_on(const notice&, const std::string& http_url);

} // namespace skein::agents
