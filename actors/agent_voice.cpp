#include "actors/agent_voice.hpp"

#include "actors/json_text.hpp"

namespace skein::actors {

namespace {

/// Far below what a bus takes in one message; nobody reads longer lines as they come.
constexpr std::size_t line_bytes_max = 8u << 10;
constexpr std::size_t message_bytes_max = 500;

} // namespace

void gauge::set(double share, std::string_view message) {
  auto text = clean_text(message, message_bytes_max);
  const std::lock_guard lock{guard_};
  share_ = share;
  message_ = std::move(text);
}

std::pair<double, std::string> gauge::read() const {
  const std::lock_guard lock{guard_};
  return {share_, message_};
}

run_callbacks voice_of(bus::agent_line who, say_port say, std::shared_ptr<gauge> how_far) {
  run_callbacks out;
  out.progress = [=](double share, std::string_view message) {
    how_far->set(share, message);
    auto line = who;
    line.stream = "progress";
    line.text = clean_text(message, line_bytes_max);
    line.progress = share;
    say(std::move(line));
  };
  out.line = [=](std::string_view stream, std::string_view text) {
    auto line = who;
    line.stream = stream;
    line.text = clean_text(text, line_bytes_max);
    say(std::move(line));
  };
  return out;
}

} // namespace skein::actors
