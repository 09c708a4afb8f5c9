#include "events/proto_json.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/stubs/strutil.h>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace skein::proto {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

void put_message(const Message&, std::string& to);

/// What stands for a character in a JSON text (RFC 8259, section 7); empty: itself.
std::string_view escape_of(char c, std::array<char, 6>& room) {
  static constexpr char digits[] = "0123456789abcdef";
  switch (c) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\b': return "\\b";
    case '\f': return "\\f";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: break;
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x20)
    return {};
  room = {'\\', 'u', '0', '0', digits[byte >> 4], digits[byte & 15]};
  return {room.data(), room.size()};
}

/// What is not UTF-8 cannot come out of a Protobuf string. Most texts have nothing to escape, and
/// are taken in one piece.
void put_text(std::string_view text, std::string& to) {
  std::array<char, 6> room{};
  to += '"';
  std::size_t kept = 0;
  for (std::size_t at = 0; at < text.size(); ++at)
    if (const auto escape = escape_of(text[at], room); !escape.empty()) {
      to.append(text.substr(kept, at - kept)).append(escape);
      kept = at + 1;
    }
  to.append(text.substr(kept)) += '"';
}

/// 64 bits are more than a JSON number holds everywhere: they are texts.
template <class Number>
void put_quoted(Number value, std::string& to) {
  to += '"';
  to += std::to_string(value);
  to += '"';
}

void put_double(double value, std::string& to) {
  if (std::isnan(value))
    to += "\"NaN\"";
  else if (std::isinf(value))
    to += value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  else
    to += google::protobuf::SimpleDtoa(value);
}

void put_bytes(const std::string& bytes, std::string& to) {
  std::string text;
  google::protobuf::Base64Escape(bytes, &text);
  put_text(text, to);
}

void put_value(const Message& of, const FieldDescriptor& field, std::string& to) {
  const auto& look = *of.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32: to += std::to_string(look.GetInt32(of, &field)); break;
    case FieldDescriptor::CPPTYPE_UINT32: to += std::to_string(look.GetUInt32(of, &field)); break;
    case FieldDescriptor::CPPTYPE_INT64: put_quoted(look.GetInt64(of, &field), to); break;
    case FieldDescriptor::CPPTYPE_UINT64: put_quoted(look.GetUInt64(of, &field), to); break;
    case FieldDescriptor::CPPTYPE_DOUBLE: put_double(look.GetDouble(of, &field), to); break;
    case FieldDescriptor::CPPTYPE_FLOAT: put_double(look.GetFloat(of, &field), to); break;
    case FieldDescriptor::CPPTYPE_BOOL: to += look.GetBool(of, &field) ? "true" : "false"; break;
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto number = look.GetEnumValue(of, &field);
      const auto* known = field.enum_type()->FindValueByNumber(number);
      known ? put_text(known->name(), to) : void(to += std::to_string(number));
      break;
    }
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string kept;
      const auto& text = look.GetStringReference(of, &field, &kept);
      field.type() == FieldDescriptor::TYPE_BYTES ? put_bytes(text, to) : put_text(text, to);
      break;
    }
    case FieldDescriptor::CPPTYPE_MESSAGE: put_message(look.GetMessage(of, &field), to); break;
  }
}

void put_element(const Message& of, const FieldDescriptor& field, int at, std::string& to) {
  const auto& look = *of.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return put_message(look.GetRepeatedMessage(of, &field, at), to);
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string kept;
      const auto& text = look.GetRepeatedStringReference(of, &field, at, &kept);
      return field.type() == FieldDescriptor::TYPE_BYTES ? put_bytes(text, to) : put_text(text, to);
    }
    case FieldDescriptor::CPPTYPE_UINT32:
      to += std::to_string(look.GetRepeatedUInt32(of, &field, at));
      return;
    case FieldDescriptor::CPPTYPE_UINT64:
      return put_quoted(look.GetRepeatedUInt64(of, &field, at), to);
    default: to += "null"; // proto_json_test has every repeated field of ours
  }
}

/// Maps of ours are from text to text.
void put_map(const Message& of, const FieldDescriptor& field, std::string& to) {
  const auto& look = *of.GetReflection();
  const auto& key = *field.message_type()->map_key();
  const auto& value = *field.message_type()->map_value();
  std::map<std::string, const Message*> entries;
  for (int at = 0; at < look.FieldSize(of, &field); ++at) {
    const auto& entry = look.GetRepeatedMessage(of, &field, at);
    entries.emplace(entry.GetReflection()->GetString(entry, &key), &entry);
  }
  char before = '{';
  for (const auto& [name, entry] : entries) {
    to += std::exchange(before, ',');
    put_text(name, to);
    to += ':';
    put_value(*entry, value, to);
  }
  to += '}';
}

void put_list(const Message& of, const FieldDescriptor& field, std::string& to) {
  char before = '[';
  for (int at = 0; at < of.GetReflection()->FieldSize(of, &field); ++at) {
    to += std::exchange(before, ',');
    put_element(of, field, at, to);
  }
  to += ']';
}

void put_message(const Message& of, std::string& to) {
  std::vector<const FieldDescriptor*> fields;
  of.GetReflection()->ListFields(of, &fields); // those that are set, by number
  to += '{';
  for (const auto* field : fields) {
    if (to.back() != '{')
      to += ',';
    put_text(field->json_name(), to);
    to += ':';
    if (field->is_map())
      put_map(of, *field, to);
    else if (field->is_repeated())
      put_list(of, *field, to);
    else
      put_value(of, *field, to);
  }
  to += '}';
}

} // namespace

std::string json(const Message& from) {
  std::string text;
  text.reserve(512);
  put_message(from, text);
  return text;
}

} // namespace skein::proto
