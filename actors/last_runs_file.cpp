#include "actors/last_runs_file.hpp"

#include "actors/json_text.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace skein::actors {

namespace {

tl::unexpected<failure> cannot_write(const std::filesystem::path& file) {
  return fail("cannot write " + file.string() + ": " + std::strerror(errno)
              + "; see that the folder is writable and the disk not full");
}

bool write_and_sync(int fd, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const auto count = ::write(fd, text.data() + done, text.size() - done);
    if (count < 0 && errno != EINTR)
      return false;
    done += count > 0 ? static_cast<std::size_t>(count) : 0;
  }
  return ::fsync(fd) == 0;
}

bool sync_folder(const std::filesystem::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const auto ok = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0)
    ::close(fd);
  return ok;
}

} // namespace

expected<last_runs> load_last_runs(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file))
    return last_runs{};
  std::ifstream in{file};
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  const auto value = parse_json(text);
  if (!value || !value->is_object() || !value->contains("last_due")
      || !(*value)["last_due"].is_object())
    return fail(file.string()
                + " is not what a scanner writes, so that runs missed meanwhile are unknown; "
                  "it is replaced");
  last_runs result;
  for (const auto& [agent, seconds] : (*value)["last_due"].items())
    if (seconds.is_number_integer())
      result[agent] = config::utc_time{std::chrono::seconds{seconds.get<int64_t>()}};
  return result;
}

expected<void> save_last_runs(const std::filesystem::path& file, const last_runs& what) {
  auto times = nlohmann::json::object();
  for (const auto& [agent, at] : what)
    times[agent] = at.time_since_epoch().count();
  const auto text = dump_json({{"last_due", std::move(times)}}) + "\n";
  const auto next = file.string() + ".new";
  const int fd = ::open(next.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0)
    return cannot_write(next);
  const auto ok = write_and_sync(fd, text);
  ::close(fd);
  if (!ok || std::rename(next.c_str(), file.c_str()) != 0 || !sync_folder(file.parent_path()))
    return cannot_write(file);
  return {};
}

} // namespace skein::actors
