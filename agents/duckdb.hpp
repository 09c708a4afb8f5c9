#pragma once

#include "agents/outcome.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skein::agents {

struct database_options {
  uint64_t memory_bytes = 1u << 30;
  uint32_t threads = 2;
  std::filesystem::path scratch;                          ///< for what does not fit in memory
  std::vector<std::filesystem::path> allowed_directories; ///< the only files it may touch
};

/// The answer to a query; every value as text, null as nullopt.
struct query_result {
  std::vector<std::string> names;
  std::vector<std::vector<std::optional<std::string>>> rows;

  /// The number in row 0; 0 when it is null or not there.
  int64_t integer(std::size_t column = 0) const;
  double number(std::size_t column = 0) const;
  std::string text(std::size_t column = 0) const; ///< empty when null
};

/// An in-memory DuckDB, locked down before the first query: no extensions, no network, no files
/// outside the allowed directories, and no way for a query to change that
/// (https://duckdb.org/docs/stable/operations_manual/securing_duckdb/overview).
///
/// One thread queries; `interrupt` and `share_done` may be called from another.
class database {
public:
  static outcome<std::unique_ptr<database>> open(const database_options&);
  ~database();
  database(const database&) = delete;
  database& operator=(const database&) = delete;

  /// Runs exactly one statement. A failure is DuckDB's message on one line; it is transient when
  /// the disk is full or the work was interrupted.
  outcome<query_result> query(const std::string& sql);

  /// Whether a statement can be prepared; the failure says why not. Runs nothing.
  outcome<void> check(const std::string& sql);

  /// Ends the running statement and refuses all further ones.
  void interrupt() noexcept;
  bool interrupted() const noexcept;

  /// 0 to 1 for the running statement, negative when unknown.
  double share_done() const noexcept;

private:
  struct impl;
  explicit database(std::unique_ptr<impl>);
  std::unique_ptr<impl> impl_;
};

/// The first sentence of a DuckDB message, without its hints about SQL settings.
std::string first_sentence(std::string_view message);

} // namespace skein::agents
