#include "config/workspace.hpp"

#include "config/documents.hpp"
#include "config/files.hpp"
#include "config/spelling.hpp"
#include "config/workspace_settings.hpp"

#include <algorithm>

namespace skein::config {

namespace {

namespace fs = std::filesystem;

constexpr const char* fleet_manager = "fleet-manager";

void append(std::vector<failure>& to, std::vector<failure> more) {
  to.insert(to.end(), more.begin(), more.end());
}

struct filed_workflow {
  placed_workflow parsed;
  std::string file;

  std::string origin(yaml::place at) const { return yaml::report{file}.at(at); }
};

class loading {
public:
  explicit loading(const fs::path& folder)
      : root_{fs::absolute(folder / ".").lexically_normal().parent_path()} {}

  checked<workspace> run() {
    if (!read_root())
      return tl::unexpected{mistakes_};
    each_document(settings_.agents, "agents", [&](const yaml::node& x, yaml::report& out) {
      add_agent(read_agent(x, out), x.at, out);
    });
    each_document(settings_.workflows, "workflows", [&](const yaml::node& x, yaml::report& out) {
      add_workflow(read_workflow(x, out), out);
    });
    if (all_named_) {
      check_default_workflow();
      check_agents();
      check_channels();
    }
    if (!mistakes_.empty())
      return tl::unexpected{mistakes_};
    for (auto& [name, x] : workflows_)
      settings_.value.workflows[name] = std::move(x.parsed.value);
    return std::move(settings_.value);
  }

private:
  void add(const std::string& origin, const std::string& sentence) {
    mistakes_.push_back({origin + ": " + sentence});
  }

  /// False when it says too little to look any further.
  bool read_root() {
    auto file = root_ / "skein.yaml";
    yaml::report out{file.string()};
    auto text = read_text(file);
    if (!text)
      add(file.string(), "a workspace is a folder with a readable skein.yaml, and here is none; "
                         "give the workspace's folder, or write the file");
    auto documents = yaml::parse(text.value_or(""), out);
    if (text && out.clean() && documents.size() != 1)
      out.add({}, "the file must hold exactly one document, but it holds "
                      + std::to_string(documents.size()));
    bool readable = documents.size() == 1;
    if (readable)
      settings_ = read_settings(documents[0], root_, out);
    append(mistakes_, out.take());
    return readable;
  }

  template <class Read>
  void each_document(const fs::path& folder, const std::string& what, Read read) {
    auto files = yaml_files(folder, what);
    all_named_ = all_named_ && files;
    if (!files)
      return mistakes_.push_back(files.error());
    for (const auto& file : *files) {
      yaml::report out{file.string()};
      auto text = read_text(file);
      if (!text)
        mistakes_.push_back(text.error());
      auto documents = yaml::parse(text.value_or(""), out);
      all_named_ = all_named_ && text && out.clean();
      for (const auto& document : documents)
        read(document, out);
      append(mistakes_, out.take());
    }
  }

  void add_agent(agent x, yaml::place at, yaml::report& out) {
    append_warnings(x);
    auto name = x.name;
    all_named_ = all_named_ && !name.empty();
    auto [first, is_new] = settings_.value.agents.emplace(name, std::move(x));
    if (!is_new && !name.empty())
      out.add(at, "the agent " + quote(name) + " is there already, at " + first->second.origin
                      + "; rename or remove one of them");
  }

  void append_warnings(const agent& x) {
    auto& all = settings_.value.warnings;
    all.insert(all.end(), x.warnings.begin(), x.warnings.end());
  }

  void add_workflow(placed_workflow x, yaml::report& out) {
    auto name = x.value.name;
    auto at = x.at;
    all_named_ = all_named_ && !name.empty();
    auto [first, is_new] = workflows_.emplace(name, filed_workflow{std::move(x), out.origin()});
    if (!is_new && !name.empty())
      out.add(at, "the workflow " + quote(name) + " is there already, at "
                      + first->second.origin(first->second.parsed.at)
                      + "; rename or remove one of them");
  }

  void check_default_workflow() {
    auto& name = settings_.value.workflow;
    std::vector<std::string> known;
    for (const auto& [x, ignored] : workflows_)
      known.push_back(x);
    auto here = (root_ / "skein.yaml").string();
    if (known.empty())
      add(settings_.workflows.string(), "there is no workflow in this folder; add one");
    else if (name.empty() && known.size() == 1)
      name = known[0];
    else if (name.empty())
      add(here, "there are several workflows (" + listed(known)
                    + "); say under \"workspace\" which \"workflow\" new migrations follow");
    else if (!workflows_.count(name))
      add(settings_.workflow_origin,
          "there is no workflow " + quote(name) + suggestion(name, known));
  }

  void check_channels() {
    const auto known = settings_.value.channels();
    for (const auto& [name, origin] : settings_.channels)
      if (!known.contains(name))
        add(origin, unknown_channel(name, known));
  }

  void check_agents() {
    if (!settings_.job_origin.empty() && !settings_.value.agents.count(settings_.value.fleet.job))
      add(settings_.job_origin, "the fleet's job " + unknown_agent(settings_.value.fleet.job));
    for (const auto& [name, x] : workflows_)
      for (std::size_t i = 0; i < x.parsed.value.steps.size(); ++i)
        check_step(x, x.parsed.value.steps[i], x.parsed.agents[i]);
  }

  void check_step(const filed_workflow& flow, const step& x, yaml::place at) {
    if (x.agent.empty() || settings_.value.agent_for(x.agent))
      return;
    if (x.agent != fleet_manager)
      return add(flow.origin(at),
                 "the step " + quote(x.name) + " names an agent that " + unknown_agent(x.agent));
    if (settings_.job_origin.empty())
      add(flow.origin(at), "the step " + quote(x.name) + " is for the fleet, whose job "
                               + unknown_agent(settings_.value.fleet.job)
                               + "; name another as \"job\" under \"fleet\" in skein.yaml");
  }

  std::string unknown_agent(const std::string& name) const {
    std::vector<std::string> known;
    for (const auto& [x, ignored] : settings_.value.agents)
      known.push_back(x);
    auto near = nearest(name, known);
    auto text = "is not there: " + quote(name);
    if (!near.empty())
      text += "; did you mean " + quote(near) + "?";
    return text + (known.empty() ? "; there are no agents" : "; known are " + listed(known));
  }

  fs::path root_;
  workspace_settings settings_;
  std::map<std::string, filed_workflow> workflows_;
  std::vector<failure> mistakes_;
  bool all_named_ = true; ///< false: a name may be missing only because its file is broken
};

} // namespace

const agent* workspace::agent_for(const std::string& step_agent) const {
  auto found = agents.find(step_agent);
  if (found == agents.end() && step_agent == fleet_manager)
    found = agents.find(fleet.job);
  return found == agents.end() ? nullptr : &found->second;
}

std::set<std::string> workspace::channels() const {
  std::set<std::string> all;
  for (const auto& [name, x] : agents)
    if (!x.channel.empty())
      all.insert(x.channel);
  return all;
}

std::string unknown_channel(const std::string& name, const std::set<std::string>& known) {
  return "no agent tells people on the channel " + quote(name)
         + (known.empty() ? "; give one of the agents a \"channel\""
                          : suggestion(name, {known.begin(), known.end()}));
}

bool is_loopback(const std::string& address) {
  return address == "::1" || address == "localhost" || address.starts_with("127.");
}

checked<workspace> load_workspace(const std::filesystem::path& folder) {
  return loading{folder}.run();
}

} // namespace skein::config
