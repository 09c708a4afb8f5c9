#include "tests/events/given.hpp"

using namespace skein;
using namespace skein::tests;

TEST_CASE("a request is answered with the exact workflow, subject and scan it names") {
  const auto now = given().when(ask(diamond())).then(asked(diamond()));
  CHECK(now.phase == phase::running);
  CHECK(now.flow == diamond());
  CHECK(now.subject == plays);
  CHECK(now.scan == "nightly");
  CHECK(now.requested_at == midnight);
}

TEST_CASE("only the steps that depend on nothing are ready at first") {
  const auto now = given(asked(diamond())).now();
  CHECK(summary_of(now)
        == "= running\n"
           " = top:ready left:waiting right:waiting bottom:waiting\n"
           " = owes offer top\n");
  const auto wide = given(asked(flow_of({node("a"), node("b"), node("c", {"a", "b"})}))).now();
  CHECK(summary_of(wide) == "= running\n = a:ready b:ready c:waiting\n = owes offer a, offer b\n");
}

TEST_CASE("a migration that was never requested knows no other order") {
  const std::vector<order> others{
      start("only"), success_of("only", 1, 1), retry{},          approve{},
      cancel{},      confirm_told{"d"},        quarantine{"bug"}};
  for (const auto& what : others)
    given().when(what).refused(rejection::not_requested);
}

TEST_CASE("a request is refused as bad") {
  auto bad = ask(single());
  SECTION("without a dataset") { bad.subject.name = ""; }
  SECTION("with a dataset name that no id may hold") { bad.subject.name = "pl@ys"; }
  SECTION("with a dataset name that is not UTF-8") { bad.subject.name = "pl\xffys"; }
  SECTION("without a target version") { bad.subject.target_version = ""; }
  SECTION("with white space in its target version") { bad.subject.target_version = "v 2"; }
  SECTION("for the version it has") { bad.subject.current_version = "v2"; }
  SECTION("with a workflow that has no steps") { bad.flow.steps.clear(); }
  SECTION("with a workflow whose steps depend on each other") {
    bad.flow = flow_of({node("a", {"b"}), node("b", {"a"})});
  }
  given().when(bad).refused(rejection::bad_request);
}

TEST_CASE("a dataset without a current version may be requested") {
  auto first = ask(single());
  first.subject.current_version = "";
  auto fact = asked(single());
  fact.subject.current_version = "";
  given().when(first).then(fact);
}
