#include "store/export_writer.hpp"

#include "store/compression.hpp"
#include "store/export_reader.hpp"
#include "store/folder.hpp"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <unistd.h>

namespace skein::store {

namespace fs = std::filesystem;

namespace {

/// A frame is full from here on: large enough to compress well, small enough to be held in memory.
constexpr std::size_t frame_raw_bytes = 1 << 20;

} // namespace

fs::path part_of(const fs::path& file) { return fs::path{file} += ".part"; }

expected<std::unique_ptr<export_writer>> export_writer::create(const fs::path& file,
                                                               const exported::header& header) {
  const auto part = part_of(file);
  std::error_code ignored;
  if (fs::exists(file, ignored))
    return fail(fmt::format("{} is there already: name another file", file.string()));
  if (fs::exists(part, ignored))
    return fail(fmt::format("{} is left from an export that was cut off: --resume goes on with it, "
                            "or remove it",
                            part.string()));
  std::unique_ptr<export_writer> writer{new export_writer{
      file, {std::fopen(part.c_str(), "wbx"), std::fclose}, export_tally{header}}};
  if (!writer->part_)
    return tl::unexpected{writer->cannot("be created")};
  return writer->write(exported::magic)
      .and_then([&] { return writer->write(exported::encode(header)); })
      .map([&] { return std::move(writer); });
}

expected<std::unique_ptr<export_writer>> export_writer::resume(const fs::path& file,
                                                               const exported::header& header) {
  const auto part = part_of(file);
  auto before = export_reader::open(part);
  if (!before)
    return fail(before.error().what + "; without --resume the export begins anew");
  if ((*before)->header() != header)
    return fail(fmt::format("{} is the beginning of an export of log {} from sequence {}, not of "
                            "log {} from sequence {}: name another file",
                            part.string(), (*before)->header().log_id,
                            (*before)->header().first_sequence, header.log_id,
                            header.first_sequence));
  // Whatever is behind the last whole frame is written again.
  for (auto frame = (*before)->next(); frame && !frame->empty();)
    frame = (*before)->next();
  std::error_code error;
  fs::resize_file(part, (*before)->whole_bytes(), error);
  std::unique_ptr<export_writer> writer{new export_writer{
      file, {error ? nullptr : std::fopen(part.c_str(), "ab"), std::fclose}, (*before)->tally()}};
  if (!writer->part_)
    return tl::unexpected{writer->cannot("be continued")};
  return writer;
}

expected<void> export_writer::add(std::string_view stream, std::string_view record) {
  exported::append_entry(raw_, next_sequence(), stream, record);
  ++raw_records_;
  tally_.add_record(record);
  return raw_.size() < frame_raw_bytes ? expected<void>{} : write_frame();
}

expected<void> export_writer::write_frame() {
  exported::frame next;
  next.first_sequence = next_sequence() - raw_records_;
  next.records = std::exchange(raw_records_, 0);
  next.raw_bytes = raw_.size();
  next.zstd = compress(raw_);
  next.sha256 = sha256_bytes({next.zstd});
  next.chain = tally_.chain_with(next);
  tally_.add_frame(next);
  raw_.clear();
  return write(exported::encode(next));
}

expected<exported::trailer> export_writer::finish() {
  if (raw_records_ > 0)
    if (auto written = write_frame(); !written)
      return tl::unexpected{written.error()};
  const auto trailer = tally_.trailer();
  if (auto written = write(exported::encode(trailer)); !written)
    return tl::unexpected{written.error()};
  if (std::fflush(part_.get()) != 0 || fsync(fileno(part_.get())) != 0)
    return tl::unexpected{cannot("be written")};
  std::error_code error;
  fs::rename(part_of(file_), file_, error);
  if (error)
    return fail(fmt::format("{} cannot take its name: {}", file_.string(), error.message()));
  sync_folder(fs::absolute(file_).parent_path());
  return trailer;
}

expected<void> export_writer::write(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), part_.get()) != bytes.size())
    return tl::unexpected{cannot("be written")};
  return {};
}

failure export_writer::cannot(const char* what) const {
  return {fmt::format("{} cannot {}: {}", part_of(file_).string(), what, std::strerror(errno))};
}

} // namespace skein::store
