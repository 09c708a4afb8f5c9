#include "cluster/line_splitter.hpp"

#include <algorithm>

namespace skein::cluster {

void line_splitter::feed(std::string_view bytes) {
  if (bytes.size() > left_) {
    overflowed_ = true;
    bytes = bytes.substr(0, left_);
  }
  left_ -= bytes.size();
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    add(bytes.substr(0, end));
    if (end == std::string_view::npos)
      return;
    emit();
    bytes.remove_prefix(end + 1);
  }
}

void line_splitter::finish() {
  if (!line_.empty())
    emit();
}

void line_splitter::add(std::string_view part) {
  const auto room = max_line - line_.size();
  cutting_ = cutting_ || part.size() > room;
  line_.append(part.substr(0, std::min(room, part.size())));
}

void line_splitter::emit() {
  if (cutting_)
    line_.append(cut_mark);
  if (on_line_)
    on_line_(line_);
  line_.clear();
  cutting_ = false;
}

} // namespace skein::cluster
