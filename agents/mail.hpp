#pragma once

#include "agents/notices.hpp"

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace skein::agents {

/// What one notice says to one recipient.
struct mail_section {
  const notice* about;
  bool owns_dataset = false;
  std::vector<const told_consumer*> consumers; ///< the recipient's own
};

/// One mail: everything a digest has to say to one address.
struct mail {
  std::string to;
  std::string name; ///< how the recipient is greeted; may be empty
  std::vector<mail_section> sections;
};

/// Somebody who should be told but has no address that mail can be sent to.
struct unaddressed_owner {
  std::string owner;
  std::string address; ///< as given; may be empty

  auto operator<=>(const unaddressed_owner&) const = default;
};

struct mail_batch {
  std::vector<mail> mails; ///< sorted by address
  std::set<unaddressed_owner> unaddressed;
};

/// Sorts a digest by recipient. Of a completed migration the owners of the dataset and of every
/// consumer are told; of one that waits for a human, the dataset's owner. Sections point into the
/// digest, which must outlive them. Pure.
mail_batch compose(const digest&);

/// Rendering of one mail, all of it UTF-8. Pure.
std::string subject_of(const mail&);
std::string text_of(const mail&, const std::string& digest_id);
std::string html_of(const mail&, const std::string& digest_id);

/// Whether mail may be addressed so: one `@`, printable ASCII, nothing that could end a header or
/// start another address.
bool is_mail_address(const std::string&);

/// What a section says in a few words, such as `movies is now at v2 (was v1).`
std::string headline_of(const notice&);

/// The command with which a human lets the migration go on; empty for a completed one.
std::string command_for(const notice&);

/// `movies/v2/movies.parquet on local-disk, 3,201 rows, 84.2 KiB`; empty when not known.
std::string data_of(const notice&);

} // namespace skein::agents
