#include "agents/duckdb.hpp"

#include "agents/sql_text.hpp"

#include <atomic>
#include <charconv>
#include <cstdlib>
#include <duckdb.h>
#include <fmt/format.h>

namespace skein::agents {

namespace {

struct prepared {
  duckdb_prepared_statement handle = nullptr;
  ~prepared() { duckdb_destroy_prepare(&handle); }
};

struct result {
  duckdb_result handle{};
  ~result() { duckdb_destroy_result(&handle); }
};

std::optional<std::string> value_at(result& from, idx_t column, idx_t row) {
  char* text = duckdb_value_varchar(&from.handle, column, row);
  if (!text)
    return std::nullopt;
  std::string value{text};
  duckdb_free(text);
  return value;
}

query_result all_of(result& from) {
  query_result out;
  const auto columns = duckdb_column_count(&from.handle);
  const auto rows = duckdb_row_count(&from.handle);
  for (idx_t c = 0; c < columns; ++c)
    out.names.emplace_back(duckdb_column_name(&from.handle, c));
  for (idx_t r = 0; r < rows; ++r) {
    auto& row = out.rows.emplace_back();
    for (idx_t c = 0; c < columns; ++c)
      row.push_back(value_at(from, c, r));
  }
  return out;
}

/// In this order: once external access is off, and then the configuration locked, nothing before
/// them can be changed any more.
std::vector<std::string> settings(const database_options& options) {
  std::vector<std::string> directories;
  for (const auto& x : options.allowed_directories)
    directories.push_back(literal(x.string()));
  return {
      "SET autoinstall_known_extensions = false",
      "SET autoload_known_extensions = false",
      fmt::format("SET memory_limit = '{}B'", options.memory_bytes),
      fmt::format("SET threads = {}", options.threads),
      fmt::format("SET temp_directory = {}", literal(options.scratch.string())),
      "SET TimeZone = 'UTC'",
      "SET enable_progress_bar = true",
      "SET enable_progress_bar_print = false",
      "SET progress_bar_time = 100",
      fmt::format("SET allowed_directories = [{}]", fmt::join(directories, ", ")),
      "SET enable_external_access = false",
      "SET lock_configuration = true",
  };
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

trouble trouble_from(const char* message) {
  const std::string_view text = message ? message : "unknown error";
  const bool disk_full
      = contains(text, "No space left on device") || contains(text, "Disk quota exceeded");
  auto what = first_sentence(text);
  if (text.starts_with("Out of Memory"))
    what += "; give the agent a higher memory limit";
  return {disk_full ? trouble_kind::transient : trouble_kind::permanent, std::move(what), {}};
}

} // namespace

struct database::impl {
  duckdb_database base = nullptr;
  duckdb_connection connection = nullptr;
  std::atomic<bool> stopped = false;

  ~impl() {
    duckdb_disconnect(&connection);
    duckdb_close(&base);
  }

  outcome<void> prepare(const std::string& sql, prepared& out) {
    if (stopped)
      return try_later("The work was interrupted.");
    if (duckdb_prepare(connection, sql.c_str(), &out.handle) == DuckDBSuccess)
      return {};
    return tl::unexpected<trouble>{trouble_from(duckdb_prepare_error(out.handle))};
  }
};

database::database(std::unique_ptr<impl> x) : impl_{std::move(x)} {}
database::~database() = default;

outcome<std::unique_ptr<database>> database::open(const database_options& options) {
  auto state = std::make_unique<impl>();
  if (duckdb_open(nullptr, &state->base) != DuckDBSuccess
      || duckdb_connect(state->base, &state->connection) != DuckDBSuccess)
    return try_later("DuckDB could not be started; is there enough memory?");
  std::unique_ptr<database> opened{new database{std::move(state)}};
  for (const auto& setting : settings(options))
    if (auto done = opened->query(setting); !done)
      return give_up(fmt::format("DuckDB refuses {}: {}", setting, done.error().what));
  return opened;
}

outcome<query_result> database::query(const std::string& sql) {
  prepared statement;
  if (auto ready = impl_->prepare(sql, statement); !ready)
    return hand_on(ready);
  result answer;
  if (duckdb_execute_prepared(statement.handle, &answer.handle) == DuckDBSuccess)
    return all_of(answer);
  if (impl_->stopped)
    return try_later("The work was interrupted.");
  return tl::unexpected<trouble>{trouble_from(duckdb_result_error(&answer.handle))};
}

outcome<void> database::check(const std::string& sql) {
  prepared statement;
  return impl_->prepare(sql, statement);
}

void database::interrupt() noexcept {
  impl_->stopped = true;
  duckdb_interrupt(impl_->connection);
}

bool database::interrupted() const noexcept { return impl_->stopped; }

double database::share_done() const noexcept {
  return duckdb_query_progress(impl_->connection).percentage / 100.0;
}

int64_t query_result::integer(std::size_t column) const {
  const auto value = text(column);
  int64_t number = 0;
  std::from_chars(value.data(), value.data() + value.size(), number);
  return number;
}

double query_result::number(std::size_t column) const {
  return std::strtod(text(column).c_str(), nullptr);
}

std::string query_result::text(std::size_t column) const {
  return rows.empty() || column >= rows.front().size() ? std::string{}
                                                       : rows.front()[column].value_or("");
}

std::string first_sentence(std::string_view message) {
  for (const std::string_view tail :
       {"\n\n", "\nPossible", "\nTry setting", "\nLINE", "\nDid you", "\nCandidate"})
    message = message.substr(0, message.find(tail));
  std::string line;
  for (const char x : message)
    line += x == '\n' ? std::string{"; "} : std::string(1, x);
  return line;
}

} // namespace skein::agents
