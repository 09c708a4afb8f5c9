#include "events/workflow.hpp"

#include <algorithm>
#include <map>
#include <string_view>

namespace skein {

const char* to_string(error_class x) noexcept {
  switch (x) {
    case error_class::transient: return "transient";
    case error_class::permanent: return "permanent";
    case error_class::timeout: return "timeout";
    case error_class::lost: return "lost";
    case error_class::out_of_memory: return "out_of_memory";
  }
  return "unknown";
}

namespace {

using positions = std::map<std::string_view, std::size_t>;

std::string quoted(std::string_view name) { return "'" + std::string{name} + "'"; }

std::vector<workflow_fault> faults_of_names(const workflow& flow, positions& index) {
  std::vector<workflow_fault> found;
  for (std::size_t i = 0; i < flow.steps.size(); ++i) {
    const auto& name = flow.steps[i].name;
    if (name.empty())
      found.push_back({i, "a step has no name"});
    else if (!index.emplace(name, i).second)
      found.push_back({i, "the step name " + quoted(name) + " is used twice"});
  }
  return found;
}

std::vector<workflow_fault> faults_of_dependencies(const workflow& flow, const positions& index) {
  std::vector<workflow_fault> found;
  for (std::size_t i = 0; i < flow.steps.size(); ++i) {
    auto on = flow.steps[i].depends_on;
    for (const auto& name : on)
      if (!index.contains(name))
        found.push_back({i, "step " + quoted(flow.steps[i].name) + " depends on " + quoted(name)
                                + ", which is not a step of this workflow"});
    std::sort(on.begin(), on.end());
    if (auto twin = std::adjacent_find(on.begin(), on.end()); twin != on.end())
      found.push_back(
          {i, "step " + quoted(flow.steps[i].name) + " depends on " + quoted(*twin) + " twice"});
  }
  return found;
}

enum class mark : uint8_t { unseen, open, done };

struct visit {
  std::size_t at;
  std::size_t seen = 0; ///< dependencies of `at` that were looked at
};

/// Depth first, from the top of `path`, which holds the open steps; true when they end in a cycle,
/// which then is all of `path`. A loop, because a deep workflow must not exhaust the stack.
bool find_cycle(const workflow& flow, const positions& index, std::vector<mark>& marks,
                std::vector<visit>& path) {
  while (!path.empty()) {
    auto& [at, seen] = path.back();
    marks[at] = mark::open;
    if (seen == flow.steps[at].depends_on.size()) {
      marks[at] = mark::done;
      path.pop_back();
      continue;
    }
    const auto next = index.at(flow.steps[at].depends_on[seen++]);
    if (marks[next] == mark::open) {
      const auto is_next = [=](const visit& x) { return x.at == next; };
      path.erase(path.begin(), std::find_if(path.begin(), path.end(), is_next));
      return true;
    }
    if (marks[next] == mark::unseen)
      path.push_back({next});
  }
  return false;
}

std::vector<workflow_fault> faults_of_cycles(const workflow& flow, const positions& index) {
  std::vector<mark> marks(flow.steps.size(), mark::unseen);
  for (std::size_t i = 0; i < flow.steps.size(); ++i) {
    std::vector<visit> path{{i}};
    if (marks[i] != mark::unseen || !find_cycle(flow, index, marks, path))
      continue;
    std::string round;
    for (const auto& x : path)
      round += flow.steps[x.at].name + " -> ";
    const auto first = path.front().at;
    return {
        {first, "the steps depend on each other in a circle: " + round + flow.steps[first].name}};
  }
  return {};
}

} // namespace

std::vector<workflow_fault> faults_of(const workflow& flow) {
  if (flow.steps.empty())
    return {{0, "the workflow " + quoted(flow.name) + " has no steps"}};
  positions index;
  auto found = faults_of_names(flow, index);
  auto more = faults_of_dependencies(flow, index);
  found.insert(found.end(), more.begin(), more.end());
  // A circle can only be told apart once every name means one step.
  return found.empty() ? faults_of_cycles(flow, index) : found;
}

} // namespace skein
