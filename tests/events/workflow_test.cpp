#include "tests/events/vocabulary.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace skein;
using namespace skein::tests;

namespace {

std::string faults(const workflow& flow) {
  std::string text;
  for (const auto& fault : faults_of(flow))
    text += std::to_string(fault.where) + ": " + fault.what + "\n";
  return text;
}

/// Each step depends on the one after it, so that a walk from the first goes all the way down.
workflow chain_of(std::size_t length) {
  workflow flow{"deep", {}};
  for (std::size_t i = 0; i + 1 < length; ++i)
    flow.steps.push_back(node("s" + std::to_string(i), {"s" + std::to_string(i + 1)}));
  flow.steps.push_back(node("s" + std::to_string(length - 1)));
  return flow;
}

} // namespace

TEST_CASE("a workflow that can run has no faults") {
  CHECK(faults(single()) == "");
  CHECK(faults(chain()) == "");
  CHECK(faults(diamond()) == "");
  CHECK(faults(flow_of({node("later", {"sooner"}), node("sooner")})) == "");
}

TEST_CASE("a workflow without steps is a fault") {
  CHECK(faults({"empty", {}}) == "0: the workflow 'empty' has no steps\n");
}

TEST_CASE("a step name that is used twice is a fault, at its second place") {
  CHECK(faults(flow_of({node("a"), node("b"), node("a"), node("a")}))
        == "2: the step name 'a' is used twice\n3: the step name 'a' is used twice\n");
}

TEST_CASE("a step without a name is a fault") {
  CHECK(faults(flow_of({node("a"), node("")})) == "1: a step has no name\n");
}

TEST_CASE("a dependency that is not there is a fault") {
  CHECK(faults(flow_of({node("a"), node("b", {"a", "x", "y"})}))
        == "1: step 'b' depends on 'x', which is not a step of this workflow\n"
           "1: step 'b' depends on 'y', which is not a step of this workflow\n");
}

TEST_CASE("a dependency named twice is a fault") {
  CHECK(faults(flow_of({node("a"), node("b", {"a", "a"})}))
        == "1: step 'b' depends on 'a' twice\n");
}

TEST_CASE("a step that depends on itself is a circle of one") {
  CHECK(faults(flow_of({node("a"), node("b", {"b"})}))
        == "1: the steps depend on each other in a circle: b -> b\n");
}

TEST_CASE("a long circle is spelled out, without the steps that lead into it") {
  CHECK(faults(flow_of({node("in", {"a"}), node("a", {"b"}), node("b", {"free", "c"}), node("free"),
                        node("c", {"d"}), node("d", {"a"})}))
        == "1: the steps depend on each other in a circle: a -> b -> c -> d -> a\n");
}

TEST_CASE("a circle is found behind branches that were walked before") {
  CHECK(faults(flow_of({node("a"), node("b", {"a"}), node("c", {"b", "a"}), node("d", {"c", "e"}),
                        node("e", {"c", "d"})}))
        == "3: the steps depend on each other in a circle: d -> e -> d\n");
}

TEST_CASE("all faults of names and dependencies are told at once, circles only without them") {
  CHECK(faults(flow_of({node("a", {"b"}), node("b", {"a", "x"}), node("a")}))
        == "2: the step name 'a' is used twice\n"
           "1: step 'b' depends on 'x', which is not a step of this workflow\n");
}

TEST_CASE("a chain of a hundred thousand steps does not exhaust the stack") {
  auto deep = chain_of(100'000);
  CHECK(faults(deep) == "");
  std::reverse(deep.steps.begin(), deep.steps.end());
  CHECK(faults(deep) == "");
}

TEST_CASE("a circle of ten thousand steps is found and spelled out") {
  auto deep = chain_of(10'000);
  deep.steps.back().depends_on = {"s0"};
  const auto found = faults_of(deep);
  REQUIRE(found.size() == 1);
  CHECK(found[0].what.find("s4999 -> s5000 -> s5001") != std::string::npos);
  CHECK(found[0].what.substr(found[0].what.size() - 11) == "s9999 -> s0");
}
