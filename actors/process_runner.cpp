#include "actors/process_runner.hpp"

#include "actors/agent_output.hpp"
#include "actors/process_verdict.hpp"
#include "actors/redaction.hpp"
#include "cluster/launch.hpp"
#include "config/log.hpp"
#include "events/overloaded.hpp"

namespace skein::actors {

namespace {

using setback = migration::setback;

/// What the callbacks of one child share. They come one at a time, on the child's thread.
struct session {
  launch what;
  run_callbacks out;
  redaction secrets{what.secrets};
  printed_output printed = {};

  void on_stdout(std::string_view raw);
  void on_stderr(std::string_view raw) const { out.line("stderr", secrets.clean(raw)); }
  void on_exit(cluster::exit_status how);
  void keep(output_line& said);
};

/// JSON can spell a letter in several ways, so what was read is looked through once more.
void session::keep(output_line& said) {
  if (said.result) {
    auto& [output, labels, hold] = *said.result;
    output = secrets.clean(output);
    hold = secrets.clean(hold);
    for (auto& [name, value] : labels)
      value = secrets.clean(value);
  }
  printed = std::move(said.result);
}

void session::on_stdout(std::string_view raw) {
  const auto line = secrets.clean(raw);
  auto what_it_says = read_agent_line(line);
  std::visit(
      overloaded{[&](const plain_line&) { out.line("stdout", line); },
                 [&](const progress_line& x) { out.progress(x.share, secrets.clean(x.message)); },
                 [&](output_line& x) { keep(x); }},
      what_it_says);
}

void remove_work_dir(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::remove_all(folder, error);
  if (error)
    log::warn("work-dir-left", "cannot remove {}: {}; remove it by hand", folder.string(),
              error.message());
}

void session::on_exit(cluster::exit_status how) {
  how.stderr_tail = secrets.clean_tail(how.stderr_tail);
  remove_work_dir(what.work_dir);
  out.ended({verdict_of(how, printed, what.limits),
             {how.exit_code, how.signal, how.max_rss_bytes, how.user_time, how.system_time}});
}

class process_run : public run {
public:
  explicit process_run(std::unique_ptr<cluster::child_process> child) : child_{std::move(child)} {}
  void stop(std::chrono::milliseconds grace) override { child_->terminate(grace); }

private:
  std::unique_ptr<cluster::child_process> child_;
};

cluster::process_limits limits_of(const run_limits& limits) {
  cluster::process_limits out;
  if (limits.cpu.count() > 0)
    out.cpu_seconds = static_cast<uint64_t>(limits.cpu.count());
  if (limits.memory_bytes > 0)
    out.memory_bytes = limits.memory_bytes;
  if (limits.wall.count() > 0)
    out.wall = limits.wall;
  return out;
}

cluster::spawn_options options_for(const std::shared_ptr<session>& shared) {
  const auto& what = shared->what;
  cluster::spawn_options options;
  options.argv = what.argv;
  options.env = what.environment;
  options.cwd = what.work_dir.string();
  options.stdin_data = what.input;
  options.limits = limits_of(what.limits);
  options.on_stdout_line = [shared](std::string_view line) { shared->on_stdout(line); };
  options.on_stderr_line = [shared](std::string_view line) { shared->on_stderr(line); };
  options.on_exit = [shared](const cluster::exit_status& how) { shared->on_exit(how); };
  return options;
}

tl::unexpected<setback> cannot_begin(error_class kind, const launch& what, const std::string& why) {
  remove_work_dir(what.work_dir);
  return tl::unexpected{setback{kind, "agent " + what.agent + ": " + why}};
}

} // namespace

tl::expected<std::unique_ptr<run>, setback> process_runner::start(launch what, run_callbacks out) {
  std::error_code error;
  std::filesystem::create_directories(what.work_dir, error);
  if (error)
    return cannot_begin(error_class::transient, what,
                        "cannot make its work folder " + what.work_dir.string() + ": "
                            + error.message());
  auto shared = std::make_shared<session>(session{std::move(what), std::move(out)});
  auto options = options_for(shared);
  // Looked up here as well, because only a missing program is beyond help by another try.
  if (auto program = cluster::find_program(options); !program)
    return cannot_begin(error_class::permanent, shared->what, program.error().what);
  if (!shared->what.image.empty())
    shared->out.line("stderr", "image " + shared->what.image
                                   + " is not used: this pool runs processes, so `command` runs as "
                                     "it stands");
  auto child = cluster::child_process::spawn(std::move(options));
  if (!child)
    return cannot_begin(error_class::transient, shared->what, child.error().what);
  return std::make_unique<process_run>(std::move(*child));
}

} // namespace skein::actors
