#include "config/owner_channels.hpp"
#include "tests/config/support.hpp"

#include <catch2/catch.hpp>

using namespace skein::config;
using namespace skein::config::test;

namespace {

struct film_workspace {
  temporary_folder root;

  explicit film_workspace(const std::string& channels) {
    root.write("skein.yaml", "workspace: {name: films}\nfleet: {job: migrate}\n");
    root.write("agents/all.yaml", "name: migrate\ncommand: migrate\n---\n"
                                  "name: mail\ncommand: mail\nchannel: email\n");
    root.write("workflows/one.yaml",
               "workflow:\n  name: one\n  steps: [{name: migrate, agent: migrate}]\n");
    root.write("contracts/.keep", "");
    root.write("mappings/.keep", "");
    root.write("catalog/groups.yaml",
               "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: film\n"
               "  annotations:\n    skein.io/channels: "
                   + channels + "\nspec: {type: team, children: []}\n");
  }

  std::string checked() const {
    auto text = lines(check_workspace(root.path()));
    const auto prefix = root.path().string() + "/";
    const auto at = text.find(prefix);
    return at == text.npos ? text : text.erase(at, prefix.size());
  }
};

} // namespace

TEST_CASE("a channel that an owner asks for in the catalog must be one that an agent tells on") {
  CHECK(film_workspace{"email"}.checked() == "");
  CHECK(film_workspace{"email, chat"}.checked()
        == "catalog/groups.yaml:6:24: group:default/film asks to be told on a channel that is not "
           "there: no agent tells people on the channel \"chat\"; the only known one is email");
}

TEST_CASE("owners that ask for channels are listed with them") {
  workspace space;
  space.agents["mail"].channel = "email";
  catalog from;
  from.owners = {{"group:default/film", "Film", "", {"email"}, "groups.yaml:6:24"},
                 {"group:default/music", "Music", ""}};
  const auto found = owner_channels(space, from);
  REQUIRE(lines(found) == "");
  CHECK(*found
        == std::map<entity_ref, std::vector<std::string>>{{"group:default/film", {"email"}}});
}
