#pragma once

#include "agents/letter.hpp"

#include <string>

namespace skein::agents {

/// Rendering of one letter as a mail, all of it UTF-8. Pure.
std::string subject_of(const letter&);
std::string text_of(const letter&, const digest& of);
std::string html_of(const letter&, const digest& of);

} // namespace skein::agents
