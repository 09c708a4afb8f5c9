#include "tools/run_file.hpp"

#include "store/durable_file.hpp"

#include <cerrno>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>

namespace skein::tools {

namespace fs = std::filesystem;

namespace {

constexpr auto file_name = "daemon.json";

bool is_alive(int pid) { return pid > 0 && (kill(pid, 0) == 0 || errno == EPERM); }

} // namespace

expected<void> write_run_file(const fs::path& state, const run_file& what) {
  const auto file = state / file_name;
  const nlohmann::json said{{"pid", what.pid},
                            {"http", what.http},
                            {"nats", what.nats},
                            {"token", what.token},
                            {"ca", what.ca},
                            {"certificate", what.certificate},
                            {"key", what.key},
                            {"nats_user", what.bus.user},
                            {"nats_password", what.bus.password},
                            {"nats_credentials", what.bus.credentials.string()},
                            {"nats_ca", what.bus.ca.string()},
                            {"nats_certificate", what.bus.certificate.string()},
                            {"nats_key", what.bus.key.string()}};
  return store::replace_durably(file, said.dump() + "\n", 0600);
}

void remove_run_file(const fs::path& state) {
  std::error_code ignored;
  fs::remove(state / file_name, ignored);
}

std::optional<run_file> read_run_file(const fs::path& state) {
  std::ifstream in{state / file_name};
  const auto said = nlohmann::json::parse(in, nullptr, false);
  if (!said.is_object())
    return std::nullopt;
  run_file found{said.value("pid", 0),
                 said.value("http", ""),
                 said.value("nats", ""),
                 said.value("token", ""),
                 said.value("ca", ""),
                 said.value("certificate", ""),
                 said.value("key", ""),
                 {said.value("nats_user", ""), said.value("nats_password", ""),
                  said.value("nats_credentials", ""), said.value("nats_ca", ""),
                  said.value("nats_certificate", ""), said.value("nats_key", "")}};
  if (!is_alive(found.pid))
    return std::nullopt;
  return found;
}

} // namespace skein::tools
