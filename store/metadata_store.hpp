#pragma once

#include "events/failure.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace skein::store {

struct document {
  std::string bytes; ///< JSON; stored as it is, never parsed here
  /// Grows with every write to the store, never comes twice, and is 1 or more: a document erased
  /// and written again cannot be mistaken for the one before.
  uint64_t revision = 0;

  bool operator==(const document&) const = default;
};

struct document_change {
  std::string kind;                 ///< "dataset", "owner"...; see names.hpp
  std::string id;                   ///< see names.hpp
  std::optional<std::string> bytes; ///< nothing: erase the document
  /// The revision that the document must have for the change to be made (0: there must be none);
  /// nothing: whatever is there.
  std::optional<uint64_t> expected_revision = std::nullopt;
};

/// How a conditional write went. Somebody else having been faster is no failure, but an answer.
struct document_outcome {
  bool written;
  uint64_t revision;   ///< written: the new one; otherwise the one found (0: no document)
  size_t conflict = 0; ///< otherwise: the index of the change that met another revision
};

/// False ends the scan. The id is valid only during the call.
using document_visitor = std::function<bool(std::string_view id, const document&)>;

/// The documents of the embedded dataset metadata store, by kind and id. Writes are on disk when
/// they are answered. For any number of threads: each write is checked and made as one.
class metadata_store {
public:
  virtual ~metadata_store() = default;

  virtual expected<std::optional<document>> get(std::string_view kind,
                                                std::string_view id) const = 0;

  /// The documents of a kind with those ids, in their order: many cost less so than one by one.
  virtual expected<std::vector<std::optional<document>>>
  get_all(std::string_view kind, std::span<const std::string> ids) const = 0;

  /// Visits at most `limit` documents of a kind whose id is greater than `after` ("" to start), in
  /// byte order of their ids.
  virtual expected<void> scan(std::string_view kind, std::string_view after, uint64_t limit,
                              const document_visitor& visit) const = 0;

  /// Makes all changes or none, with one fsync; all get the same revision. A change is checked
  /// against what the changes before it leave.
  virtual expected<document_outcome> apply(std::span<const document_change>) = 0;

  /// Writes a document whatever is there; answers its revision.
  expected<uint64_t> put(std::string_view kind, std::string_view id, std::string bytes);

  /// Writes a document if it has that revision still (0: if it does not exist yet).
  expected<document_outcome> compare_and_set(std::string_view kind, std::string_view id,
                                             uint64_t expected_revision, std::string bytes);
};

/// Opens the store in that folder, or creates it there if the folder is empty or missing.
expected<std::unique_ptr<metadata_store>> open_metadata_store(const std::filesystem::path&);

} // namespace skein::store
