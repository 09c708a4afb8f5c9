#include "tests/events/script.hpp"

#include "events/migration_id.hpp"
#include "events/status.hpp"
#include "tests/events/describe.hpp"
#include "tests/events/vocabulary.hpp"

#include <catch2/catch.hpp>
#include <sstream>

namespace skein::tests {

namespace {

std::string word(std::istringstream& in) {
  std::string x;
  in >> x;
  return x;
}

std::string rest(std::istringstream& in) {
  std::string x;
  std::getline(in >> std::ws, x);
  return x;
}

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream in{text};
  for (std::string part; std::getline(in, part, at);)
    parts.push_back(part);
  return parts;
}

step node_of(const std::string& text) {
  const auto arrow = text.find("<-");
  if (arrow == std::string::npos)
    return node(text);
  return node(text.substr(0, arrow), split(text.substr(arrow + 2), '+'));
}

order read_request(std::istringstream& in) {
  request x{{subject_kind::dataset, word(in), word(in), word(in)}, {"scenario", {}}, "nightly"};
  for (auto text = word(in); !text.empty(); text = word(in))
    x.flow.steps.push_back(node_of(text));
  return x;
}

success read_success(std::istringstream& in) {
  success x;
  while ((in >> std::ws).good() && in.peek() != '{') {
    const auto parts = split(word(in), '=');
    x.labels[parts.at(0)] = parts.at(1);
  }
  x.output = rest(in);
  return x;
}

error_class class_named(const std::string& name) {
  for (std::size_t i = 1; i <= error_class_count; ++i)
    if (name == to_string(static_cast<error_class>(i)))
      return static_cast<error_class>(i);
  FAIL("no error class is called '" << name << "'");
  return error_class::permanent;
}

/// One scenario being played.
class player {
public:
  played take() {
    result_.text = out_.str();
    return std::move(result_);
  }

  void prose(const std::string& line) { out_ << line << '\n'; }

  void run(const std::string& line) {
    out_ << line << "\n----\n";
    std::istringstream in{line};
    const auto verb = word(in);
    if (verb == "wait")
      out_ << rfc3339(at_ += std::chrono::seconds{std::stoi(word(in))}) << "\n";
    else if (verb == "random")
      out_ << (random_ = std::stoull(word(in))) << "\n";
    else
      carry_out({at_, "operator", line, random_, read(verb, in)});
  }

private:
  order read(const std::string& verb, std::istringstream& in) {
    if (verb == "request")
      return read_request(in);
    if (verb == "start") {
      auto step = word(in);
      const auto worker = word(in);
      return start_attempt{std::move(step), worker.empty() ? "w1" : worker, 30s};
    }
    if (verb == "succeed" || verb == "hold" || verb == "fail")
      return read_report(verb, in);
    if (verb == "retry")
      return retry{};
    if (verb == "approve")
      return approve{};
    if (verb == "cancel")
      return cancel{};
    if (verb == "pause")
      return migration::pause{};
    if (verb == "resume")
      return resume{};
    if (verb == "retry-from")
      return retry_from{word(in)};
    if (verb == "skip")
      return skip{word(in)};
    if (verb == "input") {
      auto step = word(in);
      return override_input{std::move(step), rest(in)};
    }
    if (verb == "ask")
      return migration::hold{};
    if (verb == "reject")
      return reject{};
    if (verb == "priority")
      return set_priority{std::stoi(word(in))};
    if (verb == "rollback")
      return roll_back{word(in), 60s, {}};
    if (verb == "stop") {
      auto step = word(in);
      const auto at = result_.now.find(step);
      return stop_attempt{std::move(step), at ? result_.now.steps[*at].epoch : 0, rest(in)};
    }
    if (verb == "told")
      return read_confirmation(in);
    if (verb == "remind")
      return remind{};
    INFO("no command is called '" << verb << "'");
    REQUIRE(verb == "quarantine");
    return quarantine{rest(in)};
  }

  /// told DIGEST [CHANNEL ASKED+ASKED [REMIND-SECONDS [ESCALATE-SECONDS]]]
  confirm_told read_confirmation(std::istringstream& in) const {
    confirm_told x{word(in)};
    x.channel = word(in);
    x.asked = split(word(in), '+');
    x.number = x.channel.empty() ? 0 : result_.now.telling.number;
    const auto later = [&](const std::string& seconds) {
      return seconds.empty() ? timestamp{} : at_ + std::chrono::seconds{std::stoi(seconds)};
    };
    x.remind_at = later(word(in));
    x.escalate_at = later(word(in));
    return x;
  }

  finish_attempt read_report(const std::string& verb, std::istringstream& in) {
    const auto parts = split(word(in), '@');
    finish_attempt x{parts.at(0), 1, 0, success{}};
    if (const auto at = result_.now.find(x.step)) {
      x.attempt = result_.now.steps[*at].attempts;
      x.epoch = result_.now.steps[*at].epoch;
    }
    if (parts.size() > 1)
      x.epoch = std::stoull(parts[1]);
    if (verb == "fail") {
      const auto kind = class_named(word(in));
      x.outcome = setback{kind, rest(in)};
    } else if (verb == "hold") {
      x.outcome = success{"", {}, rest(in)};
    } else {
      x.outcome = read_success(in);
    }
    return x;
  }

  void carry_out(const command& cmd) {
    const auto answer = decide(result_.now, cmd);
    out_ << lines_of(answer);
    const auto* events = std::get_if<std::vector<event>>(&answer);
    if (!events)
      return;
    if (const auto* asked_for = std::get_if<request>(&cmd.what))
      id_ = migration_id(asked_for->subject.name, asked_for->subject.target_version);
    for (auto& x : make_records(id_, result_.records.size(), cmd, *events)) {
      result_.now = evolve(std::move(result_.now), x.event, x.at);
      result_.records.push_back(std::move(x));
    }
    out_ << summary_of(result_.now);
  }

  played result_;
  std::ostringstream out_;
  std::string id_;
  timestamp at_ = midnight;
  uint64_t random_ = 400;
};

} // namespace

played play(const std::string& script) {
  player x;
  bool skipping = false;
  std::istringstream lines{script};
  for (std::string line; std::getline(lines, line);) {
    if (line == "----") {
      skipping = true;
    } else if (line.empty()) {
      skipping = false;
      x.prose(line);
    } else if (!skipping) {
      line[0] == '#' ? x.prose(line) : x.run(line);
    }
  }
  return x.take();
}

} // namespace skein::tests
