#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace skein::config {

/// The text in double quotes, cut to a readable length, with control characters made visible, so
/// that a message stays one line whatever a file held. (Not "quoted": ADL would find std::quoted.)
std::string quote(std::string_view text);

/// `a, b and c`.
std::string listed(const std::vector<std::string>& words);

/// The known word that is most like `word`, or nothing when none is close: Damerau-Levenshtein
/// distance (optimal string alignment) of at most a third of its length, ignoring case; or what it
/// is the beginning of.
std::string_view nearest(std::string_view word, const std::vector<std::string>& known);

/// `; did you mean "x"?`, or `; known are a, b and c`.
std::string suggestion(std::string_view word, const std::vector<std::string>& known);

std::string lower(std::string_view text);
std::string_view trimmed(std::string_view text);

/// Letters, digits, `-`, `_` and `.`, beginning with a letter or digit, at most 63 of them: what
/// names of agents, workflows, steps, datasets and versions are made of, since they go into
/// subjects, paths and URLs.
bool is_name(std::string_view text);

/// Letters, digits and `_`, not beginning with a digit (POSIX, "Environment Variables").
bool is_variable_name(std::string_view text);

/// One `@`, and nothing that would mean something else in a mail header.
bool is_mail_address(std::string_view text);

} // namespace skein::config
