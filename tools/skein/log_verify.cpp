#include "tools/skein/given_heads.hpp"
#include "tools/skein/log.hpp"

#include <CLI/App.hpp>
#include <memory>

namespace skein::console {

namespace {

struct verify_options {
  std::string file;
  std::vector<std::string> heads, keys;
};

/// Signatures are checked only with keys to check them by: who noted a head himself needs none.
expected<std::vector<store::tree_head>> trusted_heads(const verify_options& want,
                                                      std::span<const store::verifying_key> keys) {
  std::vector<store::tree_head> result;
  for (const auto& given : want.heads) {
    const auto heads = heads_in(given);
    if (!heads)
      return tl::unexpected{heads.error()};
    for (const auto& [note, from] : *heads) {
      auto head = store::parse_head(note);
      if (!head)
        return fail(from + ": " + head.error().what);
      if (auto ok = keys.empty() ? expected<void>{} : check_signature(*head, keys); !ok)
        return fail(from + ": " + ok.error().what);
      result.push_back(std::move(head->head));
    }
  }
  return result;
}

outcome<void> verify(const session& with, const verify_options& want) {
  const auto keys = keys_in(want.keys);
  if (!keys)
    return tl::unexpected{keys.error()};
  const auto heads = trusted_heads(want, *keys);
  if (!heads)
    return give_up(exit_code::refused, heads.error().what);
  const auto done = store::verify_export(want.file, *heads);
  if (!done)
    return give_up(exit_code::refused, done.error().what);
  print_exported(with, want.file + (heads->empty() ? " is whole" : " is whole and as it was noted"),
                 *done);
  return {};
}

} // namespace

action add_log_verify(CLI::App& to) {
  auto want = std::make_shared<verify_options>();
  to.add_option("file", want->file, "Written by skein log export")->required();
  to.add_option("--head", want->heads,
                "A head that somebody noted, as a file or as text: the file must begin with the "
                "events that it stands for")
      ->allow_extra_args(false);
  to.add_option("--key", want->keys, "Public key that the heads must be signed with")
      ->allow_extra_args(false);
  return [want](const session& with) { return verify(with, *want); };
}

} // namespace skein::console
