#include "tools/skein/command.hpp"
#include "tools/skein/migration_page.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/source.hpp"
#include "tools/skein/words.hpp"

#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

outcome<void> show(const session& with, const std::string& id) {
  auto from = open_source(with);
  if (!from)
    return tl::unexpected{from.error()};
  const auto got = get_json(**from, migration_path(id));
  if (!got)
    return tl::unexpected{got.error()};
  if (with.json)
    print_line(got->dump());
  else if (with.format == output_format::csv)
    print(steps_table(*got, now()).csv());
  else
    print(migration_page(page_of(with), *got, now())
          + advice(page_of(with), *got, program_words(with)));
  return {};
}

} // namespace

action add_show(CLI::App& to) {
  auto id = std::make_shared<std::string>();
  to.add_option("id", *id, "Migration, such as movies@v2")->type_name("MIGRATION")->required();
  return [id](const session& with) { return show(with, *id); };
}

} // namespace skein::console
