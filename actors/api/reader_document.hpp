#pragma once

#include "actors/api/consumer_closure.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace skein::actors::metadata {

/// The readers in a document of the kind `readers` (metadata_documents.hpp), with the text of what
/// is shown of each; of a document that an earlier version wrote, without. Nothing if it is not
/// JSON.
///
/// A closure reads thousands of them for what it then passes on as it stands, so one that is laid
/// out as the import does it is only cut into pieces, at a fifth of what parsing it costs.
std::optional<std::vector<dataset_reader>> read_readers(std::string_view document);

} // namespace skein::actors::metadata
