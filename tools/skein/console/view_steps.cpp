#include "tools/skein/console/view.hpp"
#include "tools/skein/migration_page.hpp"
#include "tools/skein/words.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace skein::console::screen {

namespace {

using nlohmann::json;

constexpr std::size_t bar_columns = 12;

/// A step's place in the tree.
struct node {
  const json* step;
  std::size_t depth = 0; ///< longest way from a step that waits for none
  std::vector<std::string> children;
};

using tree = std::map<std::string, node>;

/// Depth by depth; a circle, which no workflow has, would end after as many rounds as steps.
void find_depths(tree& nodes) {
  bool has_changed = true;
  for (std::size_t round = 0; has_changed && round < nodes.size(); ++round) {
    has_changed = false;
    for (auto& [name, each] : nodes)
      for (const auto& x : list_of(*each.step, "depends_on")) {
        const auto found = x.is_string() ? nodes.find(x.get<std::string>()) : nodes.end();
        if (found == nodes.end() || found->second.depth < each.depth)
          continue;
        each.depth = found->second.depth + 1;
        has_changed = true;
      }
  }
}

/// The last of those that the step waits for; empty if it waits for none.
std::string parent_of(const tree& nodes, const json& step) {
  std::string deepest;
  for (const auto& x : list_of(step, "depends_on")) {
    const auto found = x.is_string() ? nodes.find(x.get<std::string>()) : nodes.end();
    if (found != nodes.end() && (deepest.empty() || found->second.depth >= nodes.at(deepest).depth))
      deepest = found->first;
  }
  return deepest;
}

const char* sign_of(const std::string& status) {
  static const std::map<std::string, const char*> known{
      {"waiting", "○"}, {"ready", "◌"},  {"running", "▶"},   {"retrying", "↻"},
      {"held", "■"},    {"parked", "✖"}, {"succeeded", "✔"}, {"skipped", "»"}};
  const auto found = known.find(status);
  return found == known.end() ? "?" : found->second;
}

/// The progress that the step's running attempt told; null if there is none.
const json* progress_of(const json& step, const json& attempts) {
  for (auto x = attempts.rbegin(); x != attempts.rend(); ++x)
    if (text_of(*x, "step") == text_of(step, "name") && text_of(*x, "state") == "running")
      if (const auto found = x->find("progress"); found != x->end() && found->is_object())
        return &*found;
  return nullptr;
}

/// What a step waits for beside the one it stands below.
std::string others(const json& step, const std::string& parent) {
  std::string text;
  for (const auto& x : list_of(step, "depends_on"))
    if (x.is_string() && x.get<std::string>() != parent)
      text += (text.empty() ? "also after " : ", ") + x.get<std::string>();
  return text;
}

struct tree_writer {
  const tree& nodes;
  const json& attempts;
  std::size_t name_columns;
  migration::timestamp now;
  std::vector<line> lines = {};

  void write(const std::string& name, const std::string& parent, const std::string& before,
             const char* branch, const char* below) {
    const auto& each = nodes.at(name);
    lines.push_back(line_of(*each.step, parent, before + branch));
    for (std::size_t i = 0; i < each.children.size(); ++i) {
      const bool is_last = i + 1 == each.children.size();
      write(each.children[i], name, before + below, is_last ? "└─" : "├─", is_last ? "  " : "│ ");
    }
  }

  line line_of(const json& step, const std::string& parent, const std::string& branch) const {
    const auto status = text_of(step, "status");
    const auto how = style_of(status);
    const auto tries = number_of(step, "attempts");
    const auto name = std::string{sign_of(status)} + " " + one_line(text_of(step, "name"));
    line result{{" " + branch, style::dim}};
    const auto used = display_width(branch);
    result.push_back({column_text(name, name_columns > used ? name_columns - used : 4) + " ", how});
    result.push_back({column_text(status, 9) + " ", how});
    result.push_back({fmt::format("{:>3} ", tries == 0 ? "" : fmt::format("{:.0f}", tries))});
    result.push_back({column_text(step_time(step, now), 9, true) + "  ", style::dim});
    if (const auto* told = progress_of(step, attempts)) {
      const auto share = number_of(*told, "progress");
      result.push_back({bar_text(share, bar_columns), style::busy});
      result.push_back(
          {fmt::format(" {:>3.0f} % {}", share * 100, one_line(text_of(*told, "message")))});
    } else
      result.push_back({one_line(status == "waiting" ? others(step, parent) : step_note(step))});
    return result;
  }
};

} // namespace

std::vector<line> step_lines(const json& steps, const json& attempts, std::size_t columns,
                             migration::timestamp now) {
  tree nodes;
  for (const auto& x : steps)
    nodes[text_of(x, "name")] = {&x, 0, {}};
  find_depths(nodes);
  std::vector<std::string> roots;
  for (const auto& x : steps) {
    const auto name = text_of(x, "name"), parent = parent_of(nodes, x);
    (parent.empty() ? roots : nodes.at(parent).children).push_back(name);
  }
  tree_writer out{nodes, attempts, std::clamp<std::size_t>(columns * 2 / 5, 16, 48), now};
  out.lines.push_back(
      {{" " + column_text("STEP", out.name_columns) + " STATUS    TRY      TIME", style::dim}});
  for (const auto& x : roots)
    out.write(x, {}, "", "", "");
  return std::move(out.lines);
}

} // namespace skein::console::screen
