#include "config/workspace_settings.hpp"

#include "config/settings_reader.hpp"

namespace skein::config {

namespace {

using yaml::map_reader;
namespace fs = std::filesystem;

void read_head(const map_reader& in, workspace_settings& to) {
  auto& x = to.value;
  if (in.is_map() && !in.find("workspace"))
    in.mistake("workspace", "the file needs a map of fields under \"workspace\", with a name");
  section(in, "workspace", {"name", "workflow"}, [&](const map_reader& head) {
    x.name = head.required_text("name");
    if (!x.name.empty() && !is_name(x.name))
      head.mistake("name", quote(x.name)
                               + " cannot be a name; use letters, digits, -, _ and . "
                                 "only, at most 63");
    x.workflow = head.text("workflow");
    if (!x.workflow.empty())
      to.workflow_origin = head.out().at(head.at("workflow"));
  });
}

void read_paths(const map_reader& in, workspace_settings& to) {
  auto& x = to.value;
  auto defaults = [&](const map_reader* paths) {
    auto path = [&](const char* key, const char* fallback) {
      return below(x.root, paths ? paths->text(key, fallback) : fallback);
    };
    to.agents = path("agents", "agents");
    to.workflows = path("workflows", "workflows");
    x.catalog = {path("catalog", "catalog"), path("contracts", "contracts"),
                 path("mappings", "mappings")};
    x.data = path("data", "data");
    x.state = path("state", ".skein");
  };
  defaults(nullptr);
  section(in, "paths", {"agents", "workflows", "catalog", "contracts", "mappings", "data", "state"},
          [&](const map_reader& paths) { defaults(&paths); });
}

void read_limits(const map_reader& in, limits& to) {
  section(in, "limits", {"running", "per_owner", "per_storage", "intake"},
          [&](const map_reader& x) {
            to.running = x.whole("running", to.running);
            to.per_owner = x.whole("per_owner", to.per_owner);
            to.per_storage = x.whole("per_storage", to.per_storage);
            to.intake = x.whole("intake", to.intake, 1);
          });
}

void read_breakers(const map_reader& in, breakers& to) {
  section(in, "breakers", {"window", "failure_percent", "open_for", "longest"},
          [&](const map_reader& x) {
            to.window = x.whole("window", to.window);
            to.failure_percent = x.whole("failure_percent", to.failure_percent, 1);
            to.open_for = x.duration("open_for", to.open_for);
            to.longest = x.duration("longest", std::max(to.longest, to.open_for));
            if (to.failure_percent > 100)
              x.mistake("failure_percent",
                        "of a hundred attempts no more than 100 can fail; give 1 to 100");
            if (to.open_for.count() == 0)
              x.mistake("open_for", "a breaker stays open for some time; give \"open_for\" at "
                                    "least 1s, or \"window: 0\" for no breakers");
            if (to.longest < to.open_for)
              x.mistake("longest", "cannot be shorter than \"open_for\"");
          });
}

void read_fleet(const map_reader& in, workspace_settings& to) {
  auto& fleet = to.value.fleet;
  section(in, "fleet", {"slots", "lease_ttl", "job", "rollback"}, [&](const map_reader& x) {
    fleet.slots = x.whole("slots", fleet.slots);
    fleet.lease_ttl = x.duration("lease_ttl", fleet.lease_ttl);
    if (fleet.lease_ttl.count() == 0)
      x.mistake("lease_ttl", "a lease needs some time; give \"lease_ttl\" at least 1s");
    fleet.job = x.text("job", fleet.job);
    fleet.rollback = x.text("rollback", fleet.rollback);
    if (x.find("job"))
      to.job_origin = x.out().at(x.at("job"));
  });
}

void read_services(const map_reader& in, workspace& to) {
  section(in, "metadata", {"url"}, [&](const map_reader& x) {
    to.metadata_url = url_in(x, {"http://", "https://"});
  });
}

void read_http_tls(const map_reader& in, const fs::path& root, http& to) {
  section(in, "tls", {"certificate", "key", "client_ca", "ca", "own_certificate", "own_key"},
          [&](const map_reader& x) {
            x.required_text("certificate");
            x.required_text("key");
            to.certificate = file_in(x, "certificate", root);
            to.key = file_in(x, "key", root);
            to.client_ca = file_in(x, "client_ca", root);
            to.ca = x.find("ca") ? file_in(x, "ca", root) : to.certificate;
            to.own_certificate = file_in(x, "own_certificate", root);
            to.own_key = file_in(x, "own_key", root);
            if (to.own_certificate.empty() != to.own_key.empty())
              x.mistake("own_certificate",
                        "\"own_certificate\" and \"own_key\" go together; give both or none");
            else if (!to.own_certificate.empty() && to.client_ca.empty())
              x.mistake("own_certificate", "nobody asks to see \"own_certificate\" without a "
                                           "\"client_ca\"; give that too, or leave it out");
          });
}

void read_http(const map_reader& in, workspace& to) {
  auto& http = to.http;
  http.tokens = to.state / "tokens.json";
  section(in, "http", {"listen", "url", "tokens", "requests_per_second", "tls"},
          [&](const map_reader& x) {
            read_listen(x, "127.0.0.1:0", http.address, http.port);
            if (x.find("url"))
              http.url = url_in(x, {"http://", "https://"});
            http.tokens = below(to.root, x.text("tokens", http.tokens.string()));
            http.requests_per_second = x.whole("requests_per_second", http.requests_per_second);
            read_http_tls(x, to.root, http);
          });
}

void read_audit(const map_reader& in, workspace& to) {
  auto& audit = to.audit;
  const auto usual = to.state / "audit";
  audit.key = usual / "key.pem";
  audit.heads_file = usual / "heads";
  section(in, "audit", {"key", "heads_file", "head_every"}, [&](const map_reader& x) {
    audit.key = below(to.root, x.text("key", audit.key.string()));
    audit.heads_file = below(to.root, x.text("heads_file", audit.heads_file.string()));
    if (audit.key == audit.heads_file)
      x.mistake("heads_file", "the heads cannot be appended to the file of the key; name another");
    audit.head_every = x.duration("head_every", audit.head_every);
    if (audit.head_every.count() == 0)
      x.mistake("head_every", "heads need some time in between; give \"head_every\" at least 1s");
  });
}

} // namespace

workspace_settings read_settings(const yaml::node& from, const fs::path& root, yaml::report& out) {
  map_reader in{from,
                out,
                "the workspace file",
                {"workspace", "paths", "limits", "breakers", "fleet", "metadata", "nats", "http",
                 "notifications", "audit"}};
  workspace_settings result;
  result.value.root = root;
  read_head(in, result);
  read_paths(in, result);
  read_limits(in, result.value.limits);
  read_breakers(in, result.value.breakers);
  read_fleet(in, result);
  read_services(in, result.value);
  read_nats(in, result.value);
  read_http(in, result.value);
  read_notifications(in, result);
  read_audit(in, result.value);
  return result;
}

} // namespace skein::config
