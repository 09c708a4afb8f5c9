#pragma once

#include "store/sha256.hpp"
#include "store/signing_key.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace skein::store {

/// What a whole log came to at one moment: a promise that its first `size` events never change.
struct tree_head {
  std::string log_id;
  uint64_t size = 0; ///< events, which is also the sequence of the last of them
  digest root{};     ///< merkle::root_of these
  std::string time;  ///< when it was signed: RFC 3339, in UTC

  bool operator==(const tree_head&) const = default;
};

/// The name of a log, and of its keys, in heads: `skein/log/<id>`.
std::string origin_of(const std::string& log_id);

/// A head as it is handed around, for anybody to keep and to check: a checkpoint
/// (https://c2sp.org/tlog-checkpoint) in a signed note (https://c2sp.org/signed-note).
///
///     skein/log/5a1f6c0b…                            origin: which log
///     4711                                           size
///     CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=   root
///     time 2026-11-22T10:00:05Z                      our extension line
///                                                    (an empty line)
///     — skein/log/5a1f6c0b… mUGN9z…                  base64(key's id, signature of the above)
struct signed_head {
  tree_head head;
  std::string text; ///< the signed bytes: all up to the empty line
  struct signature {
    std::string name;
    std::string key_id;
    std::string bytes;
  };
  std::vector<signature> signatures;

  /// The whole note. Whoever parses it again gets the same text, byte for byte.
  std::string note() const;
};

expected<signed_head> sign(const tree_head&, const signing_key&);

/// Reads one note. Says nothing of whether its signatures are good.
expected<signed_head> parse_head(std::string_view note);

/// Fails unless one of these keys made one of the signatures.
expected<void> check_signature(const signed_head&, std::span<const verifying_key>);

/// How long the first whole note in the text is, with the empty lines before and after it; 0 if
/// there is none. So a file of notes can be taken apart, and a torn one at its end be recognised.
size_t first_note_bytes(std::string_view text);

} // namespace skein::store
