#include "config/contract.hpp"
#include "config/mapping.hpp"
#include "config/workspace.hpp"
#include "config/yaml.hpp"
#include "tests/config/support.hpp"

#include <catch2/catch.hpp>
#include <functional>
#include <random>

using namespace skein;
using namespace skein::config;
using namespace skein::config::test;

namespace {

constexpr int rounds = 3000;

const std::string tokens[]
    = {"\n",   "  ",   "- ", ": ",   "&a ",  "*a",   "[",     "]",  "{",  "}", "\"",
       "'",    "#",    "| ", "> ",   "~",    "---",  "!!str", "\\", "\t", "0", "-1",
       "\x04", "\xFF", "ü",  "null", "true", "<<: ", "? ",    "%",  "@"};

std::string mutated(std::string text, std::mt19937& random) {
  auto below = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>{0, n - 1}(random);
  };
  for (auto changes = 1 + below(6); changes > 0 && !text.empty(); --changes) {
    auto at = below(text.size());
    switch (below(5)) {
      case 0: text[at] = static_cast<char>(below(256)); break;
      case 1: text.erase(at, 1 + below(8)); break;
      case 2: text.insert(at, tokens[below(std::size(tokens))]); break;
      case 3: text.insert(at, text.substr(below(text.size()), below(40))); break;
      case 4: text.resize(at); break;
    }
  }
  return text;
}

/// True when all failures are sentences that name the file.
bool are_sentences(const std::string& said) {
  return said.empty() || (said.find("f.yaml:") == 0 && said.size() > 20);
}

void survives(const std::string& text, const std::function<std::string(const std::string&)>& read) {
  std::mt19937 random{20261122};
  int refused = 0;
  for (int i = 0; i < rounds; ++i) {
    auto changed = mutated(text, random);
    auto said = read(changed);
    refused += !said.empty();
    if (are_sentences(said))
      continue;
    CAPTURE(changed, said);
    FAIL("a failure without a sentence");
  }
  // Most mutations break something; if none were noticed, nothing was read.
  CHECK(refused > rounds / 4);
}

} // namespace

TEST_CASE("no mutation of an agent crashes") {
  survives(read_file(SEED_FOLDER "/agent_discovery.yaml"),
           [](auto& text) { return lines(parse_agent(text, "f.yaml")); });
}

TEST_CASE("no mutation of a workflow crashes") {
  survives(read_file(SEED_FOLDER "/workflow.yaml"),
           [](auto& text) { return lines(parse_workflow(text, "f.yaml")); });
}

TEST_CASE("no mutation of a contract crashes") {
  survives("apiVersion: v3.0.2\nkind: DataContract\nid: x\nname: movies\nversion: v1\n"
           "status: active\nservers: [{server: a, type: local, path: a/b.csv, format: csv}]\n"
           "schema:\n  - name: t\n    quality: [{rule: rowCount, mustBeBetween: [1, 2]}]\n"
           "    properties:\n      - {name: a, logicalType: string, quality: [{rule: nullCheck}]}\n"
           "      - {name: b, physicalType: 'DECIMAL(18,2)', primaryKey: true}\n",
           [](auto& text) { return lines(parse_contract(text, "f.yaml")); });
}

TEST_CASE("no mutation of a mapping crashes") {
  survives("mapping:\n  dataset: m\n  from: v1\n  to: v2\n  rules:\n"
           "    - {column: a, rename: A}\n    - {column: b, cast: B, format: x, on_error: null}\n"
           "    - {column: c, expression: A + B, reads: [A, B]}\n    - {column: d, default: 1}\n"
           "    - {column: e, decide: which?}\n    - {drop: [C, D]}\n",
           [](auto& text) { return lines(parse_mapping(text, "f.yaml")); });
}

TEST_CASE("no mutation of any document crashes a check of the file") {
  temporary_folder folder;
  auto name = folder.path().string() + "/";
  survives("workspace: {name: a}\nhttp: {listen: '127.0.0.1:0'}\nlimits: {running: 3}\n---\n"
           "apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata:\n  name: m\n"
           "  annotations: {skein.io/current-version: v1, skein.io/reads.x: 'a, b'}\n"
           "spec: {type: dataset, owner: film, dependsOn: [resource:x]}\n---\n"
           "name: a\ncommand: 'b \"c d\"'\nschedule: 0 0 * * 1-5\nvolumes: [/a:/b:ro]\n",
           [&](auto& text) {
             auto said = lines(check(folder.write("f.yaml", text)));
             return said.starts_with(name) ? said.substr(name.size()) : said;
           });
}
