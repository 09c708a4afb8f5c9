#include "events/migration_id.hpp"

#include <algorithm>
#include <google/protobuf/stubs/common.h>

namespace skein {

namespace {

constexpr std::size_t name_bytes_max = 200;

bool forbidden(unsigned char c) { return c <= ' ' || c == 0x7f || c == '@'; }

} // namespace

std::string migration_id(std::string_view dataset, std::string_view target_version) {
  std::string id;
  id.reserve(dataset.size() + 1 + target_version.size());
  id.append(dataset).append(1, '@').append(target_version);
  return id;
}

expected<void> check_name(std::string_view what, std::string_view name) {
  if (name.empty())
    return fail(std::string{what} + " is empty; give it a name");
  if (name.size() > name_bytes_max)
    return fail(std::string{what} + " is " + std::to_string(name.size()) + " bytes long; at most "
                + std::to_string(name_bytes_max) + " are allowed");
  if (!google::protobuf::internal::IsStructurallyValidUTF8(name.data(),
                                                           static_cast<int>(name.size())))
    return fail(std::string{what} + " is not UTF-8, which every id must be");
  if (std::any_of(name.begin(), name.end(), [](char c) { return forbidden(c); }))
    return fail(std::string{what} + " '" + std::string{name}
                + "' contains '@', white space or a control character, which ids may not");
  return {};
}

} // namespace skein
