#pragma once

#include "actors/api/access.hpp"
#include "actors/api/query_response.hpp"

#include <array>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace skein::actors {

enum class operator_verb : uint8_t {
  scan,
  retry, ///< from a step, if one is named
  approve,
  reject,
  cancel,
  pause,
  resume,
  hold,
  skip,
  override_input,
  set_priority,
  roll_back,
};

/// Those for one migration.
inline constexpr std::array migration_verbs{
    operator_verb::retry,        operator_verb::approve,  operator_verb::reject,
    operator_verb::cancel,       operator_verb::pause,    operator_verb::resume,
    operator_verb::hold,         operator_verb::skip,     operator_verb::override_input,
    operator_verb::set_priority, operator_verb::roll_back};

/// `override-input` and so on, as in paths and commands.
std::string_view to_string(operator_verb) noexcept;

/// What only some orders have.
struct order_details {
  std::string step = {};  ///< of `retry` (may be empty), `skip` and `override_input`
  std::string input = {}; ///< of `override_input`: a JSON object, as text, or empty
  int32_t priority = 0;   ///< of `set_priority`
};

/// What an operator wants done, by whom and why.
struct operator_order {
  operator_verb verb;
  std::string migration; ///< empty for a scan
  std::string actor;
  std::string reason;
  order_details details = {};
  bool is_dry = false; ///< only what it would do is wanted
  /// The version it is meant for (`If-Match`); none: for any.
  std::optional<uint64_t> if_version = {};
};

/// The verb of that name, if there is one.
std::optional<operator_verb> verb_named(std::string_view) noexcept;

/// Who orders something and why.
struct order_author {
  std::string actor;
  std::string reason;
};

/// From a body with "actor" and "reason"; 400 otherwise.
tl::expected<order_author, query_response> read_author(const nlohmann::json& body, const caller&);

/// The members of a body that only some verbs take: "step", "input", "priority".
std::vector<std::string_view> details_of(operator_verb);

/// Takes them from a body; fails on one that is needed and not there, or not as it must be.
expected<order_details> read_details(operator_verb, const nlohmann::json& body);

/// Takes actor and reason from a body `{"actor", "reason"}`, and what else the verb needs: "step",
/// "input", "priority". Who shows a token need not say who he
/// is; one who says another name is noted as `<that name> (token <name>)`.
tl::expected<operator_order, query_response>
read_order(operator_verb, std::string migration, const cluster::http_request&, const caller& who);

/// Whether the request has `dry_run=true`, the one parameter that orders take; 400 otherwise.
tl::expected<bool, query_response> read_dry_run(const cluster::http_request&);

/// The JSON object in a body, with no other members than these; 400 or 415 otherwise.
tl::expected<nlohmann::json, query_response>
read_body(const cluster::http_request&, const std::vector<std::string_view>& members);

} // namespace skein::actors
