#include "agents/slack.hpp"

#include "agents/decision.hpp"
#include "agents/digest_json.hpp"
#include "fixtures.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace skein::agents;
using namespace skein::agents::test;
using nlohmann::json;

namespace {

digest golden_digest() {
  auto all = parse_digest(json::parse(get(std::string{SKEIN_TEST_GOLDEN} + "/digest.json")));
  if (!all)
    FAIL(all.error().what);
  all->http_url = "https://skein.example.org";
  return *all;
}

const letter& to(const letters& batch, const std::string& owner) {
  for (const auto& x : batch.all)
    if (x.to == owner)
      return x;
  FAIL("no letter to " << owner);
  return batch.all.front();
}

/// Every text in a message, with how long it may be.
void check_limits(const json& message) {
  const auto length = [](const json& text) {
    const auto all = text.get<std::string>();
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [](char x) { return (x & 0xc0) != 0x80; }));
  };
  CHECK(length(message.at("text")) <= slack_message_max);
  REQUIRE(message.at("blocks").size() <= slack_blocks_max);
  for (const auto& block : message.at("blocks")) {
    if (block.at("type") == "header")
      CHECK(length(block.at("text").at("text")) <= slack_header_max);
    if (block.at("type") == "section")
      CHECK(length(block.at("text").at("text")) <= slack_text_max);
    if (block.at("type") == "context")
      for (const auto& each : block.at("elements"))
        CHECK(length(each.at("text")) <= slack_text_max);
  }
}

std::string dumped(const json& message) {
  return message.dump(-1, ' ', false, json::error_handler_t::strict);
}

notice held_notice(std::size_t number) {
  notice x;
  x.kind = notice_kind::held;
  x.migration = "d" + std::to_string(number) + "@v2";
  x.dataset = "d" + std::to_string(number);
  x.owner = "film";
  x.reason = "why not";
  return x;
}

} // namespace

TEST_CASE("by owner everybody gets one letter, with or without an address") {
  const auto all = golden_digest();
  const auto batch = letters_by_owner(all);
  std::vector<std::string> owners;
  for (const auto& x : batch.all)
    owners.push_back(x.to);
  CHECK(owners
        == std::vector<std::string>{"group:default/charts", "group:default/evil",
                                    "group:default/film", "group:default/jobs",
                                    "group:default/nobody"});
  CHECK(batch.unaddressed.empty());
  CHECK(to(batch, "group:default/film").sections.size() == 2);
}

TEST_CASE("messages for Slack read as they were approved") {
  const auto all = golden_digest();
  const auto batch = letters_by_owner(all);
  for (const auto* owner : {"film", "charts"}) {
    const auto message = slack_message(to(batch, std::string{"group:default/"} + owner), all);
    check_limits(message);
    const auto file = std::string{SKEIN_TEST_GOLDEN} + "/" + owner + ".slack.json";
    if (std::getenv("REWRITE"))
      put(file, message.dump(2) + "\n");
    CAPTURE(owner);
    CHECK(message.dump(2) + "\n" == get(file));
  }
}

TEST_CASE("a decision says what to decide, on what evidence, and how to answer") {
  const auto all = golden_digest();
  const auto it = decision_on(all.notices.at(1), all.http_url);
  CHECK(it.question.starts_with("1 consumer is not ready"));
  REQUIRE(it.facts.size() == 1);
  CHECK(it.facts[0].lines == std::vector<std::string>{"car-search: BREAKS"});
  REQUIRE(it.ways.size() == 3);
  CHECK(it.ways[0].how == "skein approve cars@v2 --reason \"...\"");
  CHECK(it.ways[1].how == "skein reject cars@v2 --reason \"...\"");
  CHECK(it.ways[2].how.ends_with(" https://skein.example.org/v1/migrations/cars%40v2/approve"));
  CHECK(it.link == "https://skein.example.org/v1/migrations/cars%40v2");
  CHECK(it.waited.empty());
  // Without an interface that people reach there is nothing to call and nothing to see.
  const auto bare = decision_on(all.notices.at(1), "");
  CHECK(bare.ways.size() == 2);
  CHECK(bare.link.empty());
}

TEST_CASE("a reminder says which one it is and since when, and goes to more when escalated") {
  auto input = json::parse(get(std::string{SKEIN_TEST_GOLDEN} + "/digest.json"));
  auto& held = input.at("notices").at(1);
  held["since"] = "2026-11-24T12:00:00.250000Z";
  held["reminder"] = 2;
  held["escalated"] = true;
  held["escalate_to"] = {"lead@example.org", "nonsense"};
  const auto all = parse_digest(input);
  REQUIRE(all);
  CHECK(decision_on(all->notices.at(1), "").waited
        == "Reminder 2, waiting since 2026-11-24 12:00 UTC. It was escalated, since nobody has "
           "answered.");
  const auto mails = letters_by_address(*all);
  CHECK(headline_of(to(mails, "lead@example.org")) == "Reminder: cars needs you on its way to v2");
  REQUIRE(to(mails, "lead@example.org").sections.size() == 1);
  CHECK(to(mails, "lead@example.org").sections[0].about->dataset == "cars");
  CHECK(json_of(to(letters_by_owner(*all), "group:default/film"), *all)
            .at("notices")
            .at(1)
            .at("escalated"));
}

TEST_CASE("what does not fit into a message is cut, and said to be") {
  digest all{"scan-7", {}, {}};
  for (std::size_t i = 0; i < 100; ++i)
    all.notices.push_back(held_notice(i));
  const auto batch = letters_by_owner(all);
  const auto message = slack_message(batch.all.at(0), all);
  check_limits(message);
  CHECK(dumped(message).find("more, which do not fit here") != std::string::npos);
  CHECK(message.at("metadata").at("event_payload").at("notices").size() == 100);
}

TEST_CASE("long texts are cut between characters, and never inside an entity") {
  for (std::size_t shift = 0; shift < 12; ++shift) {
    auto long_one = held_notice(1);
    long_one.reason = std::string(shift, 'x');
    for (int i = 0; i < 2000; ++i)
      long_one.reason += "ü&<";
    const digest all{"scan-7", {long_one}, {}};
    const auto message = slack_message(letters_by_owner(all).all.at(0), all);
    check_limits(message);
    const auto text = message.at("blocks").at(1).at("text").at("text").get<std::string>();
    CHECK(text.ends_with("…"));
    CHECK(dumped(message).size() > 3000);
    const auto entity = text.rfind('&');
    CHECK(text.find(';', entity) != std::string::npos);
  }
}

TEST_CASE("nothing in a name or a reason is taken for Slack's own signs") {
  auto sly = held_notice(1);
  sly.reason = "<!channel> & <https://evil|click>";
  const digest all{"scan-7", {sly}, {}};
  const auto text = dumped(slack_message(letters_by_owner(all).all.at(0), all).at("blocks"));
  CHECK(text.find("<!channel>") == std::string::npos);
  CHECK(text.find("&lt;!channel&gt; &amp; &lt;https://evil|click&gt;") != std::string::npos);
}
