#pragma once

#include <string>

namespace google::protobuf {
class Message;
}

namespace skein::proto {

/// The message in Protobuf's JSON mapping (protobuf.dev/programming-guides/json), on one line:
/// fields in the order of their numbers, without those that have their default value, and maps in
/// the order of their keys, so that equal messages give equal text. Knows the kinds of field that
/// events/*.proto use; well-known types are not among them.
///
/// The library's own function does the same by way of a binary copy and a table of types, at some
/// eight times the cost; every event passes here on its way to the status stream.
std::string json(const google::protobuf::Message&);

} // namespace skein::proto
