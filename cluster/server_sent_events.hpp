#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace skein::cluster {

/// One event of a stream, good only during the call that hands it over.
struct server_sent_event {
  std::string_view id;   ///< of the last event that had one
  std::string_view type; ///< `message` where the stream names none
  std::string_view data; ///< its lines, with line breaks in between
};

/// Takes a stream of server-sent events apart (HTML standard, section 9.2), however its bytes are
/// cut into pieces.
class server_sent_events {
public:
  using handler = std::function<void(const server_sent_event&)>;

  explicit server_sent_events(handler on_event) : on_event_{std::move(on_event)} {}

  /// False once a line or an event is longer than 1 MiB: no stream of ours has such.
  bool take(std::string_view bytes);

private:
  void take_line(std::string_view line);
  void end_event();

  handler on_event_;
  std::string rest_; ///< a line that is not whole yet
  std::string id_, type_, data_;
  bool has_data_ = false;
};

} // namespace skein::cluster
