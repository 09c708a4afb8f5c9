#pragma once

#include "tools/skein/console/update.hpp"
#include "tools/skein/console/view.hpp"

#include <catch2/catch.hpp>
#include <clocale>
#include <fmt/format.h>

namespace skein::tests {

namespace screen = console::screen;

/// A full screen without terminal and daemon: keys and answers in, picture and requests out.
struct screen_fixture {
  screen::model m;
  screen::requests asked; ///< by the last thing that happened

  screen_fixture() {
    std::setlocale(LC_CTYPE, "C.UTF-8"); // as in main()
    m.workspace = "fleet";
    m.now = screen::steady{std::chrono::hours{1}};
    screen::resize(m, 80, 24);
    hear({.live = true, .opened = true});
  }

  void hear(const screen::news& heard) { asked = screen::take(m, heard); }

  void pass(std::chrono::milliseconds span) {
    asked = screen::tick(m, m.now + span, m.clock + span);
  }

  void press(screen::key_code code) { asked = screen::press(m, {code}); }

  /// Each character a key.
  void type(const std::string& text) {
    for (const char x : text)
      asked = screen::press(m, {screen::key_code::text, std::string{x}});
  }

  void enter(const std::string& text) {
    type(text);
    press(screen::key_code::enter);
  }

  /// The last request of that kind, which there must be.
  template <class Kind>
  Kind request() const {
    for (auto x = asked.rbegin(); x != asked.rend(); ++x)
      if (const auto* found = std::get_if<Kind>(&*x))
        return *found;
    FAIL("nothing of that kind was asked for");
    return {};
  }

  template <class Kind>
  void answer(const Kind& to, console::outcome<nlohmann::json> what) {
    asked = screen::take(m, {to, std::move(what)});
  }

  static nlohmann::json row(std::size_t number, const std::string& phase = "running") {
    const auto name = fmt::format("set{:04}", number);
    return {{"id", name + "@v2"},
            {"dataset", name},
            {"phase", phase},
            {"step", "copy"},
            {"attempts", 1},
            {"owner", "group:default/film"},
            {"paused", false},
            {"changed_at", "1970-01-01T00:00:00Z"},
            {"why", phase == "running" ? nlohmann::json{} : nlohmann::json{"it " + phase}}};
  }

  /// Answers a request for rows out of a list of so many.
  void answer_rows(const screen::load_rows& to, std::size_t all) {
    auto pages = nlohmann::json::array();
    auto at = to.after.empty() ? 0 : std::stoul(to.after);
    for (std::size_t i = 0; i < to.count && (i == 0 || at < all); ++i) {
      auto rows = nlohmann::json::array();
      for (; at < all && rows.size() < screen::page_rows; ++at)
        rows.push_back(row(at));
      pages.push_back({{"rows", rows},
                       {"next", at < all ? nlohmann::json(std::to_string(at)) : nlohmann::json{}}});
    }
    answer(to, nlohmann::json{{"pages", pages}});
  }

  /// The list, of so many, as it is after the start.
  void list(std::size_t all) {
    answer_rows(request<screen::load_rows>(), all);
    answer(screen::load_status{},
           nlohmann::json{{"migrations", all}, {"phases", {{"running", all}}}});
  }

  std::string shown() const {
    std::string text;
    for (const auto& x : screen::picture_of(m).lines)
      text += screen::plain_text(x) + "\n";
    return text;
  }
};

} // namespace skein::tests
