#pragma once

#include "config/catalog.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

/// What the embedded metadata store holds, one kind of document after the other. All are written
/// by the import; only a dataset's version changes later.
///
///   kind       id                    document
///   ---------  --------------------  ------------------------------------------------------------
///   dataset    movies                {id, title, owner, criticality, current_version,
///                                    target_version or null, written_back}
///   consumer   component:default/x   {ref, name, type, owner, criticality, columns: {dataset: []}}
///   owner      group:default/film    {ref, name, email}
///   contract   movies@v1             {text, origin}
///   mapping    movies@v1..v2         {text, origin}
///   readers    movies                [{ref, dataset, shown}]: who reads it itself; `dataset`: the
///                                    id of a reader that is one and has readers too, and empty
///                                    for others; `shown`: the text of shown_reader, which an
///                                    answer hands on as it stands
///
/// `readers` is an index over `consumer` and `owner`, so that the consumers of a dataset are found,
/// and shown, without looking at any document of theirs. As an earlier version wrote it, it has no
/// `shown`, and the id of each reader that is a dataset.
namespace skein::actors::metadata {

inline constexpr std::string_view dataset_kind = "dataset";
inline constexpr std::string_view consumer_kind = "consumer";
inline constexpr std::string_view owner_kind = "owner";
inline constexpr std::string_view contract_kind = "contract";
inline constexpr std::string_view mapping_kind = "mapping";
inline constexpr std::string_view readers_kind = "readers";

nlohmann::json document_of(const config::dataset_entity&);
nlohmann::json document_of(const config::consumer_entity&);
nlohmann::json document_of(const config::owner_entity&);
nlohmann::json document_of(const config::catalog::document&);

/// What is shown of a consumer as the reader of that dataset: everything but how far it is away.
/// `owner` is the owner's document, or an empty object.
nlohmann::json shown_reader(const nlohmann::json& consumer, const nlohmann::json& owner,
                            const std::string& dataset);

/// `movies@v1`, `movies@v1..v2`
std::string versioned_id(std::string_view dataset, std::string_view versions);

} // namespace skein::actors::metadata
