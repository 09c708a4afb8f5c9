#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
} // namespace CLI

/// The commands and options that the program parses, looked at by completion and manual: what they
/// say can never lag behind what is there.
namespace skein::console {

/// Those that a person is shown.
std::vector<const CLI::App*> commands_of(const CLI::App&);

/// The named options, and what stands alone, in order.
std::vector<const CLI::Option*> options_of(const CLI::App&);
std::vector<const CLI::Option*> operands_of(const CLI::App&);

/// `FILE`; empty for a flag.
std::string value_name(const CLI::Option&);

/// The values of which it takes one; empty: any.
std::vector<std::string> choices_of(const CLI::Option&);

/// Whether the word behind it must be its value. (That of `--watch` may be left out.)
bool needs_value(const CLI::Option&);

/// `-w`, `--workspace`
std::vector<std::string> names_of(const CLI::Option&);

/// `skein bulk start`
std::string path_of(const CLI::App&);

} // namespace skein::console
