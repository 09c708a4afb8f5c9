#include "config/workspace_settings.hpp"

#include "config/spelling.hpp"

#include <algorithm>
#include <charconv>

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

/// `host:port`, with an IPv6 address in brackets.
bool split_address(std::string_view text, http& to) {
  auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return false;
  auto host = text.substr(0, colon);
  if (host.starts_with("[") && host.ends_with("]"))
    host = host.substr(1, host.size() - 2);
  else if (host.find(':') != std::string_view::npos)
    return false;
  const auto* end = text.data() + text.size();
  auto [stop, fault] = std::from_chars(text.data() + colon + 1, end, to.port);
  to.address = std::string{host};
  return !host.empty() && fault == std::errc{} && stop == end;
}

void read_services(const map_reader& in, workspace& to) {
  section(in, "metadata", {"url"}, [&](const map_reader& x) {
    to.metadata_url = url_in(x, {"http://", "https://"});
  });
  section(in, "nats", {"url"}, [&](const map_reader& x) {
    to.nats_url = url_in(x, {"nats://", "tls://"});
  });
}

fs::path file_in(const map_reader& in, const char* key, const fs::path& root) {
  const auto path = in.text(key);
  return path.empty() ? fs::path{} : below(root, path);
}

void read_http(const map_reader& in, workspace& to) {
  auto& http = to.http;
  http.tokens = to.state / "tokens.json";
  section(in, "http", {"listen", "url", "tokens", "requests_per_second", "tls"},
          [&](const map_reader& x) {
            const auto listen = x.text("listen", "127.0.0.1:0");
            if (!split_address(listen, http))
              x.mistake("listen", quote(listen)
                                      + " is no address to listen on; write address:port, such "
                                        "as 127.0.0.1:8080, with port 0 for a free one");
            if (x.find("url"))
              http.url = url_in(x, {"http://", "https://"});
            http.tokens = below(to.root, x.text("tokens", http.tokens.string()));
            http.requests_per_second = x.whole("requests_per_second", http.requests_per_second);
            section(x, "tls", {"certificate", "key", "client_ca", "ca"}, [&](const map_reader& y) {
              y.required_text("certificate");
              y.required_text("key");
              http.certificate = file_in(y, "certificate", to.root);
              http.key = file_in(y, "key", to.root);
              http.client_ca = file_in(y, "client_ca", to.root);
              http.ca = y.find("ca") ? file_in(y, "ca", to.root) : http.certificate;
            });
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

std::string url_in(const map_reader& in, std::initializer_list<const char*> schemes) {
  auto url = in.required_text("url");
  auto fits = [&](std::string_view x) { return url.starts_with(x) && url.size() > x.size(); };
  bool clean = url.find_first_of(" \t\r\n") == std::string::npos;
  if (url.empty() || (clean && std::any_of(schemes.begin(), schemes.end(), fits)))
    return url;
  std::vector<std::string> forms;
  for (const char* x : schemes)
    forms.push_back(std::string{x} + "host:port");
  in.mistake("url", "the URL " + quote(url) + " must be of the form " + listed(forms));
  return {};
}

fs::path below(const fs::path& root, const std::string& path) {
  return (root / path).lexically_normal();
}

workspace_settings read_settings(const yaml::node& from, const fs::path& root, yaml::report& out) {
  map_reader in{from,
                out,
                "the workspace file",
                {"workspace", "paths", "limits", "fleet", "metadata", "nats", "http",
                 "notifications", "audit"}};
  workspace_settings result;
  result.value.root = root;
  read_head(in, result);
  read_paths(in, result);
  read_limits(in, result.value.limits);
  read_fleet(in, result);
  read_services(in, result.value);
  read_http(in, result.value);
  read_notifications(in, result);
  read_audit(in, result.value);
  return result;
}

} // namespace skein::config
