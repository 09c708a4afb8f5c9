#pragma once

#include "agents/letter.hpp"

#include <cstddef>
#include <nlohmann/json_fwd.hpp>

namespace skein::agents {

// What Slack takes in one message (https://docs.slack.dev/reference/block-kit/blocks).
inline constexpr std::size_t slack_blocks_max = 50;
inline constexpr std::size_t slack_text_max = 3000;    ///< characters of a section
inline constexpr std::size_t slack_header_max = 150;   ///< characters of a header
inline constexpr std::size_t slack_message_max = 4000; ///< characters of a message's own text

/// A letter as a message for an incoming webhook of Slack, or of what understands the same: `text`
/// for where blocks are not shown, `blocks`, and the digest for programs as `metadata`. What does
/// not fit is cut, and said to be. Pure.
nlohmann::json slack_message(const letter&, const digest& of);

} // namespace skein::agents
