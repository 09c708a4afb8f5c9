#include "cluster/server_sent_events.hpp"

namespace skein::cluster {

namespace {

constexpr std::size_t max_bytes = 1 << 20;

} // namespace

bool server_sent_events::take(std::string_view bytes) {
  for (;;) {
    const auto end = bytes.find('\n');
    if (end == bytes.npos)
      break;
    if (rest_.empty())
      take_line(bytes.substr(0, end));
    else {
      rest_.append(bytes.substr(0, end));
      take_line(rest_);
      rest_.clear();
    }
    bytes.remove_prefix(end + 1);
  }
  rest_.append(bytes);
  return rest_.size() <= max_bytes && data_.size() <= max_bytes;
}

void server_sent_events::take_line(std::string_view line) {
  if (line.ends_with('\r'))
    line.remove_suffix(1);
  if (line.empty())
    return end_event();
  const auto colon = line.find(':');
  if (colon == 0) // a comment
    return;
  const auto name = line.substr(0, colon);
  auto value = colon == line.npos ? std::string_view{} : line.substr(colon + 1);
  if (value.starts_with(' '))
    value.remove_prefix(1);
  if (name == "id")
    id_ = value;
  else if (name == "event")
    type_ = value;
  else if (name == "data") {
    if (has_data_)
      data_ += '\n';
    data_ += value;
    has_data_ = true;
  }
}

void server_sent_events::end_event() {
  if (has_data_)
    on_event_({id_, type_.empty() ? std::string_view{"message"} : type_, data_});
  type_.clear();
  data_.clear();
  has_data_ = false;
}

} // namespace skein::cluster
