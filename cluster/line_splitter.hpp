#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace skein::cluster {

/// Cuts a byte stream into lines without their newline, holding never more than one line. What a
/// line has beyond `max_line` bytes is dropped and the line ends with `cut_mark`; what the stream
/// has beyond `max_total` bytes is dropped altogether.
class line_splitter {
public:
  static constexpr std::size_t max_line = 1 << 20;
  static constexpr std::string_view cut_mark = " [cut: the line is longer than 1 MiB]";

  using sink = std::function<void(std::string_view line)>;

  explicit line_splitter(sink on_line, std::size_t max_total)
      : on_line_{std::move(on_line)}, left_{max_total} {}

  void feed(std::string_view bytes);

  /// The stream has ended: a last line may lack its newline.
  void finish();

  bool overflowed() const { return overflowed_; }

private:
  void add(std::string_view part);
  void emit();

  sink on_line_;
  std::size_t left_;
  std::string line_;
  bool cutting_ = false;
  bool overflowed_ = false;
};

} // namespace skein::cluster
