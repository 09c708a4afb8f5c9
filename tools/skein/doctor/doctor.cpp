#include "tools/skein/command.hpp"
#include "tools/skein/doctor/checks.hpp"
#include "tools/skein/doctor/gather.hpp"
#include "tools/skein/doctor/page.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/words.hpp"

#include <CLI/App.hpp>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

using nlohmann::json;

outcome<void> doctor_says(const session& with) {
  const auto found = doctor::check(with.remote ? doctor::gather_remote(with.remote->at)
                                               : doctor::gather(with.workspace));
  const auto problems = doctor::count(found, doctor::verdict::problem);
  if (with.json)
    print_line(doctor::as_json(found).dump());
  else if (with.format == output_format::table)
    print(doctor::page(with.out, found));
  else
    print_table(with, doctor::rows(found), "");
  if (problems == 0)
    return {};
  return give_up(exit_code::refused, counted(problems, "problem", "problems") + " found");
}

} // namespace

action add_doctor(CLI::App&) { return doctor_says; }

} // namespace skein::console
