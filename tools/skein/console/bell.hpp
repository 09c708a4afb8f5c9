#pragma once

namespace skein::console::screen {

/// Wakes a thread that waits in poll(), from any other (eventfd).
class bell {
public:
  bell();
  ~bell();
  bell(const bell&) = delete;
  bell& operator=(const bell&) = delete;

  void ring() const;

  /// Readable once it has rung, until it is hushed.
  int file() const { return file_; }
  void hush() const;

private:
  int file_;
};

} // namespace skein::console::screen
