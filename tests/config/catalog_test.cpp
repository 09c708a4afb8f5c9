#include "config/catalog.hpp"
#include "config/entity.hpp"
#include "tests/config/support.hpp"

#include <catch2/catch.hpp>

using namespace skein::config;
using namespace skein::config::test;
using Catch::Matchers::Contains;

namespace {

const std::string entities = R"(apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: film}
spec: {type: team, profile: {displayName: Film desk, email: film@example.org}, children: []}
---
apiVersion: backstage.io/v1beta1
kind: User
metadata: {name: ada}
spec: {profile: {email: ada@example.org}, memberOf: [film]}
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata:
  name: Movies
  title: All movies
  labels: {criticality: low, team: x}
  annotations:
    skein.io/current-version: v1
    skein.io/target-version: v2
    example.org/anything: goes
spec: {type: dataset, owner: film, dependsOn: [resource:ratings]}
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata:
  name: ratings
  annotations: {skein.io/current-version: v1, skein.io/reads.Movies: Title}
spec: {type: dataset, owner: user:ada, dependsOn: [resource:default/movies]}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: website
  annotations:
    skein.io/reads.Movies: Title, US Gross
spec: {type: website, owner: group:default/film, dependsOn: ["resource:Movies", crawler]}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: crawler}
spec: {type: service, lifecycle: production, owner: film, dependencyOf: [resource:ratings]}
---
apiVersion: backstage.io/v1alpha1
kind: Location
metadata: {name: more}
spec: {targets: [./x.yaml]}
)";

std::string contract_of(const std::string& dataset, const std::string& version,
                        const std::string& columns) {
  return "apiVersion: v3.0.2\nkind: DataContract\nid: " + dataset + version + "\nname: " + dataset
         + "\nversion: " + version + "\nstatus: active\nservers:\n  - {server: disk, type: local, "
         + "path: " + dataset + "/" + version + "/data.csv, format: csv}\nschema:\n  - name: t\n"
         + "    properties:\n" + columns;
}

std::string text_column(const std::string& name) {
  return "      - {name: " + name + ", logicalType: string}\n";
}

const std::string rules = "mapping:\n  dataset: Movies\n  from: v1\n  to: v2\n  rules:\n"
                          "    - {column: title, rename: Title}\n"
                          "    - {column: gross, rename: US Gross}\n";

struct catalog_folders {
  temporary_folder root;

  catalog_folders() {
    root.write("catalog/all.yaml", entities);
    root.write("contracts/movies/v1.yaml",
               contract_of("Movies", "v1", text_column("Title") + text_column("US Gross")));
    root.write("contracts/movies/v2.yml",
               contract_of("Movies", "v2", text_column("title") + text_column("gross")));
    root.write("contracts/ratings.yaml", contract_of("ratings", "v1", text_column("stars")));
    root.write("mappings/movies/v1-v2.yaml", rules);
  }

  checked<catalog> load() const {
    return load_catalog(
        {root.path() / "catalog", root.path() / "contracts", root.path() / "mappings"});
  }

  std::string mistakes() const {
    auto text = lines(load());
    auto prefix = root.path().string() + "/";
    for (auto i = text.find(prefix); i != std::string::npos; i = text.find(prefix))
      text.erase(i, prefix.size());
    return text;
  }

  void change(const std::string& file, const std::string& part, const std::string& instead) const {
    root.write(file, with(read_file(root.path() / file), part, instead));
  }
};

} // namespace

TEST_CASE("a catalog is loaded with its references made full") {
  catalog_folders folders;
  auto x = folders.load();
  REQUIRE(lines(x) == "");
  REQUIRE(x->datasets.size() == 2);
  const auto& movies = x->datasets[0];
  CHECK(movies.id == "Movies");
  CHECK(movies.title == "All movies");
  CHECK(movies.ref == "resource:default/Movies");
  CHECK(movies.owner == "group:default/film");
  CHECK(movies.criticality == "low");
  CHECK(movies.current_version == "v1");
  CHECK(movies.target_version == "v2");
  CHECK(movies.reads == std::vector<std::string>{"resource:default/ratings"});
  CHECK(x->datasets[1].owner == "user:default/ada");
  CHECK(x->datasets[1].criticality == "medium");
  CHECK(x->datasets[1].target_version == "");
  REQUIRE(x->owners.size() == 2);
  CHECK(x->owners[0].name == "Film desk");
  CHECK(x->owners[0].email == "film@example.org");
  CHECK(x->contracts.at({"Movies", "v2"}).text.find("name: gross") != std::string::npos);
  CHECK(x->mappings.at({"Movies", "v1..v2"}).text == rules);
}

TEST_CASE("consumers are components and datasets, with the columns they read") {
  catalog_folders folders;
  auto x = folders.load();
  REQUIRE(lines(x) == "");
  REQUIRE(x->consumers.size() == 3);
  const auto& ratings = x->consumers[1];
  CHECK(ratings.ref == "resource:default/ratings");
  CHECK(ratings.type == "dataset");
  CHECK(ratings.depends_on
        == std::vector<std::string>{"resource:default/Movies", "component:default/crawler"});
  CHECK(ratings.columns.at("Movies") == std::vector<std::string>{"Title"});
  const auto& website = x->consumers[2];
  CHECK(website.columns.at("Movies") == std::vector<std::string>{"Title", "US Gross"});
  CHECK(x->consumers[0].columns.empty());
}

TEST_CASE("a target that is reached is not pending") {
  catalog_folders folders;
  folders.change("catalog/all.yaml", "target-version: v2", "target-version: v1");
  auto x = folders.load();
  REQUIRE(lines(x) == "");
  CHECK(x->datasets[0].target_version == "");
}

TEST_CASE("what is wrong with an entity is said with its place") {
  auto [part, instead, message] = GENERATE(table<std::string, std::string, std::string>({
      {"kind: Group", "kind: Grup",
       "catalog/all.yaml:2:7: there is no entity kind \"Grup\"; did you"},
      {"backstage.io/v1beta1", "backstage.io/v2", "apiVersion cannot be \"backstage.io/v2\""},
      {"  name: Movies\n", "  name: a b\n",
       "all.yaml:14:9: \"a b\" cannot be the name of an entity"},
      {"dependsOn: [resource:ratings]", "dependOn: [resource:ratings]",
       "the spec has no field \"dependOn\"; did you mean \"dependsOn\"?"},
      {"owner: film, dependsOn", "dependsOn", "the spec needs a value for \"owner\""},
      {"owner: film, dependsOn", "owner: 'group:a b', dependsOn", "is no reference to a group"},
      {"owner: film, dependsOn", "owner: flim, dependsOn",
       "all.yaml:21:30: \"owner\" names group:default/flim, which the catalog does not have; did "
       "you "
       "mean group:default/film?"},
      {"owner: film, dependsOn", "owner: component:crawler, dependsOn",
       "the owner component:default/crawler must be a Group or a User"},
      {"[resource:ratings]", "[ratings]",
       "\"dependsOn\" names component:default/ratings, which the catalog does not have; did you "
       "mean "
       "resource:default/ratings?"},
      {"[resource:ratings]", "['a:b:c']", "is no reference to an entity"},
      {"skein.io/current-version: v1\n", "skein.io/curent-version: v1\n",
       "all.yaml:18:5: Skein has no annotation \"skein.io/curent-version\"; did you mean"},
      {"skein.io/current-version: v1\n", "example.org/x: v1\n",
       "all.yaml:11:1: the dataset \"Movies\" needs the annotation skein.io/current-version"},
      {"target-version: v2", "target-version: ../v2", "\"../v2\" cannot be a version"},
      {"criticality: low", "criticality: lo", "did you mean \"low\"?"},
      {"film@example.org", "film at example.org", "is not a mail address"},
      {"film@example.org", "\"film@example.org\\nBcc: x\"", "is not a mail address"},
      {"type: dataset, owner: film", "type: database, owner: film",
       "so it must be a Resource with"},
      {"name: website", "name: Crawler",
       "the entity \"component:default/crawler\" is there already, at "},
      {"Title, US Gross", "Titel", "Movies v1 has no column \"Titel\"; did you mean \"Title\"?"},
      {"Title, US Gross", "','", "must list columns, separated by commas"},
      {"[\"resource:Movies\", crawler]", "[crawler]", "\"dependsOn\" has no such dataset"},
      {"target-version: v2", "target-version: v3",
       "all.yaml:19:30: the dataset \"Movies\" has no contract for its version v3"},
      {"target-version: v2", "target-version: v3", "the dataset \"Movies\" has no mapping v1..v3"},
  }));
  CAPTURE(part, instead);
  catalog_folders folders;
  folders.change("catalog/all.yaml", part, instead);
  CHECK_THAT(folders.mistakes(), Contains(message));
}

TEST_CASE("contracts and mappings are checked against the datasets and each other") {
  catalog_folders folders;
  SECTION("a contract twice") {
    folders.root.write("contracts/z.yaml", contract_of("Movies", "v1", text_column("a")));
    CHECK_THAT(folders.mistakes(),
               Contains("contracts/z.yaml:1:1: the contract Movies v1 is there already, in "
                        "contracts/movies/v1.yaml"));
  }
  SECTION("a contract of no dataset") {
    folders.root.write("contracts/z.yaml", contract_of("Movie", "v1", text_column("a")));
    CHECK_THAT(folders.mistakes(), Contains("contracts/z.yaml: the contract is for the dataset "
                                            "\"Movie\", which the catalog does not have; did you "
                                            "mean \"Movies\"?"));
  }
  SECTION("a mapping without its contract") {
    folders.root.write("mappings/z.yaml", with(rules, "to: v2", "to: v3"));
    CHECK(folders.mistakes()
          == "mappings/z.yaml:1:1: the mapping needs the contract of \"Movies\" v3, but there is "
             "none");
  }
  SECTION("a mapping that does not fit") {
    folders.change("mappings/movies/v1-v2.yaml", "rename: Title", "rename: Titel");
    CHECK_THAT(folders.mistakes(), Contains("v1-v2.yaml:6:7: Movies v1 has no column \"Titel\""));
  }
  SECTION("a target in the folder of another version") {
    folders.change("contracts/movies/v2.yml", "Movies/v2/data.csv", "Movies/data.csv");
    CHECK_THAT(folders.mistakes(), Contains("must have a folder of its own, but Movies v1"));
  }
  SECTION("two documents in a contract file") {
    folders.root.write("contracts/ratings.yaml", "a: 1\n---\nb: 2\n");
    CHECK(folders.mistakes()
          == "contracts/ratings.yaml:1:1: the file must hold exactly one contract, but it holds 2 "
             "documents");
  }
}

TEST_CASE("two datasets of one id are refused even in different namespaces") {
  catalog_folders folders;
  folders.root.write("catalog/z.yaml", "apiVersion: backstage.io/v1alpha1\nkind: Resource\n"
                                       "metadata: {name: movies, namespace: other, annotations: "
                                       "{skein.io/current-version: v1}}\n"
                                       "spec: {type: dataset, owner: group:default/film}\n");
  CHECK_THAT(folders.mistakes(), Contains("catalog/z.yaml:1:1: the dataset \"movies\" is there "
                                          "already, at catalog/all.yaml:11:1 (case aside)"));
}

TEST_CASE("a short reference means the namespace of the entity that refers") {
  catalog_folders folders;
  folders.root.write("catalog/z.yaml",
                     "apiVersion: backstage.io/v1alpha1\nkind: Group\n"
                     "metadata: {name: shop, namespace: other}\nspec: {type: team}\n---\n"
                     "apiVersion: backstage.io/v1alpha1\nkind: Component\n"
                     "metadata: {name: till, namespace: other}\n"
                     "spec: {type: service, owner: shop, dependsOn: [resource:default/ratings]}\n");
  auto x = folders.load();
  REQUIRE(lines(x) == "");
  CHECK(x->consumers.back().owner == "group:other/shop");
  CHECK(x->consumers.back().ref == "component:other/till");
}

TEST_CASE("mistakes of all files come together, and a broken file causes no others") {
  catalog_folders folders;
  folders.change("contracts/ratings.yaml", "status: active", "status: [");
  folders.change("mappings/movies/v1-v2.yaml", "rename: Title", "renam: Title");
  auto said = folders.mistakes();
  CHECK_THAT(said, Contains("contracts/ratings.yaml:"));
  CHECK_THAT(said, Contains("mappings/movies/v1-v2.yaml:6:"));
  CHECK_THAT(said, !Contains("ratings\" has no contract"));
}

TEST_CASE("a folder that is not there is said once, with what it was for") {
  catalog_folders folders;
  std::filesystem::remove_all(folders.root.path() / "mappings");
  CHECK_THAT(folders.mistakes(), Contains("mappings: the folder of mappings cannot be read"));
}

TEST_CASE("references in short form") {
  CHECK(full_ref("movies", "component", "default") == "component:default/movies");
  CHECK(full_ref("Resource:Movies", "component", "default") == "resource:default/movies");
  CHECK(full_ref("group:film/Desk", "group", "default") == "group:film/desk");
  CHECK(full_ref("film/desk", "group", "default") == "group:film/desk");
  for (const char* bad : {"", ":", "a:", ":a", "a/", "/a", "a:b:c", "a/b/c", "a b", "a:/b"})
    CHECK(full_ref(bad, "component", "default") == "");
}

TEST_CASE("a group or user says in an annotation on which channels it wants to be told") {
  catalog_folders folders;
  const auto annotate = [&](const std::string& name, const std::string& annotation) {
    folders.change("catalog/all.yaml", "metadata: {name: " + name + "}",
                   "metadata: {name: " + name + ", annotations: {" + annotation + "}}");
    return folders.mistakes();
  };
  SECTION("a group") {
    CHECK(annotate("film", "skein.io/channels: \"film-chat, email,film-chat\"") == "");
    const auto x = folders.load();
    CHECK(x->owners[0].channels == std::vector<std::string>{"film-chat", "email"});
    CHECK_THAT(x->owners[0].channels_origin, Contains("catalog/all.yaml:3:"));
    CHECK(x->owners[1].channels.empty());
  }
  SECTION("a user") { CHECK(annotate("ada", "skein.io/channels: chat") == ""); }
  SECTION("nobody else") {
    CHECK_THAT(annotate("crawler", "skein.io/channels: chat"),
               Contains("catalog/all.yaml:") && Contains("is for a Group or a User")
                   && Contains("\"crawler\" is a component"));
  }
  SECTION("not without a name") {
    CHECK_THAT(annotate("film", "skein.io/channels: \" ,\""),
               Contains("must list channels, separated by commas"));
  }
  SECTION("not by another word") {
    CHECK_THAT(annotate("film", "skein.io/channel: chat"),
               Contains("did you mean \"skein.io/channels\"?"));
  }
}
