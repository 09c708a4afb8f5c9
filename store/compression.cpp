#include "store/compression.hpp"

#include <fmt/format.h>
#include <memory>
#include <new>
#include <zstd.h>

namespace skein::store {

namespace {

constexpr int level = 3;

using compressor = std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)>;

} // namespace

std::string compress(std::string_view raw) {
  compressor with{ZSTD_createCCtx(), ZSTD_freeCCtx};
  if (!with)
    throw std::bad_alloc{};
  ZSTD_CCtx_setParameter(with.get(), ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(with.get(), ZSTD_c_checksumFlag, 1);
  std::string frame(ZSTD_compressBound(raw.size()), '\0');
  const auto size = ZSTD_compress2(with.get(), frame.data(), frame.size(), raw.data(), raw.size());
  if (ZSTD_isError(size)) // with room enough, what is missing is memory
    throw std::bad_alloc{};
  frame.resize(size);
  return frame;
}

expected<std::string> decompress(std::string_view frame, std::size_t raw_bytes) {
  if (ZSTD_getFrameContentSize(frame.data(), frame.size()) != raw_bytes)
    return fail(fmt::format("it is not a Zstandard frame of {} bytes", raw_bytes));
  std::string raw(raw_bytes, '\0');
  const auto size = ZSTD_decompress(raw.data(), raw.size(), frame.data(), frame.size());
  if (ZSTD_isError(size))
    return fail(fmt::format("it cannot be decompressed: {}", ZSTD_getErrorName(size)));
  if (size != raw_bytes)
    return fail(fmt::format("it is not a Zstandard frame of {} bytes", raw_bytes));
  return raw;
}

} // namespace skein::store
