#include "tools/skein/log.hpp"

#include "store/encodings.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/words.hpp"

#include <CLI/App.hpp>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

constexpr command log_commands[]{
    {"export", "Writes the log, or a part of it, into one compressed file", add_log_export},
    {"import", "Makes a log of an exported file, in a state folder without one", add_log_import},
    {"verify", "Checks an exported file from its first byte to its last", add_log_verify},
};

} // namespace

action add_log(CLI::App& to) { return add_commands(to, log_commands); }

void print_exported(const session& with, const std::string& done, const store::exported_log& what) {
  const auto root = store::hex(what.totals.merkle_root);
  if (with.json)
    return print_line(nlohmann::json{
        {"log", what.header.log_id},
        {"first_sequence", what.header.first_sequence},
        {"last_sequence", what.totals.last_sequence},
        {"events", what.totals.records},
        {"frames", what.totals.frames},
        {"chain", store::hex(what.totals.chain)},
        {"merkle_root",
         root}}.dump());
  print_line(done + ": " + counted(what.totals.records, "event", "events") + " of log "
             + what.header.log_id
             + (what.totals.records == 0
                    ? std::string{}
                    : ", sequences " + std::to_string(what.header.first_sequence) + " to "
                          + std::to_string(what.totals.last_sequence)));
  print_line("Merkle root " + root);
}

} // namespace skein::console
