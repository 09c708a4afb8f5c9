#pragma once

#include "agents/notices.hpp"

#include <set>
#include <string>
#include <vector>

namespace skein::agents {

/// What one notice says to one recipient.
struct letter_section {
  const notice* about;
  bool owns_dataset = false;
  std::vector<const told_consumer*> consumers; ///< the recipient's own
};

/// Everything a digest has to say to one recipient, however it is sent.
struct letter {
  std::string to;   ///< a mail address, or an owner
  std::string name; ///< how the recipient is greeted; may be empty
  std::vector<letter_section> sections;
};

/// Somebody who should be told but has no address that mail can be sent to.
struct unaddressed_owner {
  std::string owner;
  std::string address; ///< as given; may be empty

  auto operator<=>(const unaddressed_owner&) const = default;
};

struct letters {
  std::vector<letter> all; ///< sorted by recipient
  std::set<unaddressed_owner> unaddressed;
};

/// Sorts a digest by recipient. Of a completed migration the owners of the dataset and of every
/// consumer are told; of one that waits for a human, the dataset's owner, and whom it is escalated
/// to. Sections point into the digest, which must outlive them. Pure.
letters letters_by_address(const digest&);

/// The same by owner, for what has no addresses: `group:default/film`. Nobody is told besides.
letters letters_by_owner(const digest&);

/// Whether mail may be addressed so: one `@`, printable ASCII, nothing that could end a header or
/// start another address.
bool is_mail_address(const std::string&);

/// What a letter says in a line: `2 migrations need you`.
std::string headline_of(const letter&);

/// `because you own what is named here`, or because it was escalated.
std::string why_told(const letter&);

/// What a section says in a few words, such as `movies is now at v2 (was v1).`
std::string headline_of(const notice&);

/// `movies/v2/movies.parquet on local-disk, 3,201 rows, 84.2 KiB`; empty when not known.
std::string data_of(const notice&);

/// `Title -> title: renamed, same values under a new name`
std::string line_of(const told_change&);

/// `box-office (pipeline): BREAKS (column "Director" is dropped)`
std::string line_of(const told_consumer&);

} // namespace skein::agents
