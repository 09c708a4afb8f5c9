#include "tools/skein/console/order_words.hpp"
#include "tools/skein/console/verbs.hpp"
#include "tools/skein/console/view.hpp"

#include <fmt/format.h>

namespace skein::console::screen {

namespace {

struct entry {
  const char* keys;
  const char* what;
};

constexpr entry moves[]{
    {"↑ ↓ j k", "one up or down"},
    {"PgUp PgDn", "a page up or down"},
    {"g G Home End", "to the first, to the last of what is loaded"},
    {"Enter l", "into a migration, or the migrations that failed in one way; in a migration: all "
                "that its agents said lately, or the newest"},
    {"Esc h", "back"},
    {"mouse",
     "a click chooses, a double click opens, the wheel scrolls; to mark text hold Shift, or "
     "start with --no-mouse"},
    {"1 2 3 4", "overview, migrations, failures, pools and leases"},
    {"R Ctrl-L", "asks again for what is shown; paints all anew"},
    {"q", "ends the console; nothing else ends with it"},
};

constexpr entry finds[]{
    {"/", "narrows the list down as you type; in a page of text: searches it, n N go on"},
    {"movie", "part of a dataset's name; with capitals, * or ? just as it is written"},
    {"state:held,parked",
     "running, completed, held, parked, quarantined, cancelled, rolled_back, unreadable"},
    {"owner:… label:a=b", "whose it is; what an agent noted of it"},
    {"idle:2h older:2d younger:1h", "by time"},
    {"why:no space", "part of the reason; takes all that is behind it"},
    {"s S", "by id, change, request, attempts or owner; the other way round"},
};

constexpr entry commands[]{
    {":overview :migrations …", "the views; the beginning of a name is enough"},
    {":open movies@v2", "one migration"},
    {":state held :owner … :why …", "sets that part of the filter; with nothing: takes it out"},
    {":filter … :all", "the whole filter; none"},
    {":sort -changed", "the order"},
    {":retry movies@v2", "an order, also for one that is not in sight"},
    {":q", "ends the console"},
};

constexpr std::size_t key_columns = 28;

void add(std::vector<line>& to, std::size_t columns, const char* keys, const std::string& what) {
  auto name = column_text(keys, key_columns);
  const auto room = std::max<std::size_t>(columns, key_columns + 22) - key_columns - 3;
  for (auto& x : lines_of(wrap(what, room, ""))) {
    to.push_back({{" " + name + " ", style::bold}, {plain_text(x)}});
    name.assign(key_columns, ' ');
  }
}

template <std::size_t Size>
void add_part(std::vector<line>& to, std::size_t columns, const char* name,
              const entry (&all)[Size]) {
  to.push_back(title(std::string{" "} + name));
  for (const auto& x : all)
    add(to, columns, x.keys, x.what);
  to.emplace_back();
}

} // namespace

std::vector<line> help_lines(const model& m) {
  std::vector<line> lines;
  add_part(lines, m.columns, "MOVING", moves);
  add_part(lines, m.columns, "FINDING", finds);
  lines.push_back(title(" ORDERS, each with its reason, which is kept in the log"));
  for (const auto& x : verbs())
    add(lines, m.columns,
        x.key == 0 ? usage_of(x).c_str() : fmt::format("{} {}", x.key, usage_of(x)).c_str(),
        x.does);
  lines.emplace_back();
  add_part(lines, m.columns, "COMMANDS", commands);
  return lines;
}

} // namespace skein::console::screen
