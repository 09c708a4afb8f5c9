#include "tools/skein/console/filter.hpp"
#include "tools/skein/console/order_words.hpp"
#include "tools/skein/console/update.hpp"

#include <array>
#include <string_view>

// What is typed behind `:`.

namespace skein::console::screen {

namespace {

struct command {
  std::string_view name;
  requests (*act)(model&, const std::string& rest);
};

template <view Where>
requests go(model& m, const std::string&) {
  m.back.clear();
  m.at = Where;
  return show(m, Where);
}

requests leave(model& m, const std::string&) {
  m.ends = true;
  return {};
}

requests open(model& m, const std::string& id) {
  if (!id.empty())
    return open_migration(m, id);
  m.said = message{"open which? Such as :open movies@v2", style::bad};
  return {};
}

requests sort(model& m, const std::string& by) {
  const bool is_descending = by.starts_with('-');
  const auto order = by.substr(is_descending ? 1 : 0);
  for (const auto* known : {"id", "changed", "requested", "attempts", "owner"})
    if (order == known)
      return reorder(m, order, is_descending);
  m.said = message{"sort by id, changed, requested, attempts or owner, with - in front for the "
                   "other way round",
                   style::bad};
  return {};
}

requests filter(model& m, const std::string& all) { return refilter(m, all); }

// Each name also by as much of its beginning as is its own; the first that fits counts.
constexpr std::array commands{
    command{"q", leave},
    command{"quit", leave},
    command{"overview", go<view::overview>},
    command{"migrations", go<view::migrations>},
    command{"failures", go<view::failures>},
    command{"pools", go<view::fleet>},
    command{"leases", go<view::fleet>},
    command{"help", go<view::help>},
    command{"open", open},
    command{"sort", sort},
    command{"filter", filter},
    command{"all", filter},
};

constexpr std::array fields{"state", "owner", "label", "why", "idle", "older", "younger"};

requests start(model& m, const verb& order, const std::string& typed) {
  auto given = read_order_words(order, typed, chosen_migration(m));
  if (given)
    ask_reason(m, order, given->id, std::move(given->details));
  else
    m.said = message{given.error().what, style::bad};
  return {};
}

std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of(' ');
  const auto end = text.find_last_not_of(' ');
  return begin == text.npos ? std::string{} : text.substr(begin, end - begin + 1);
}

} // namespace

requests obey(model& m, const std::string& typed) {
  const auto all = trimmed(typed);
  const auto space = std::min(all.find(' '), all.size());
  const auto name = all.substr(0, space), rest = trimmed(all.substr(space));
  if (name.empty())
    return {};
  if (const auto* order = verb_of_order(name))
    return start(m, *order, rest);
  for (const std::string field : fields)
    if (name == field)
      return refilter(m, with_field(m.list.filter, field, rest));
  for (const auto& x : commands)
    if (x.name.starts_with(name))
      return x.act(m, rest);
  m.said = message{"there is no command " + name + "; ? shows all", style::bad};
  return {};
}

} // namespace skein::console::screen
