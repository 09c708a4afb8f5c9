#include "agents/mail.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace skein::agents {

namespace {

/// Mails under way, by address.
class mail_bag {
public:
  /// The recipient's section about a notice; null when the address is none.
  mail_section* section(const std::string& address, const std::string& owner,
                        const std::string& name, const notice& about) {
    if (!is_mail_address(address)) {
      unaddressed_.insert({owner, address});
      return nullptr;
    }
    auto& mail = mails_[address];
    mail.to = address;
    if (mail.name.empty())
      mail.name = name;
    if (mail.sections.empty() || mail.sections.back().about != &about)
      mail.sections.push_back({&about, false, {}});
    return &mail.sections.back();
  }

  mail_batch take() {
    mail_batch all;
    for (auto& [address, mail] : mails_)
      all.mails.push_back(std::move(mail));
    all.unaddressed = std::move(unaddressed_);
    return all;
  }

private:
  std::map<std::string, mail> mails_;
  std::set<unaddressed_owner> unaddressed_;
};

std::string grouped(uint64_t number) {
  const auto digits = std::to_string(number);
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0)
      out += ',';
    out += digits[i];
  }
  return out;
}

std::string size_text(uint64_t bytes) {
  static constexpr const char* units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  auto amount = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; amount >= 1024 && unit + 1 < std::size(units); ++unit)
    amount /= 1024;
  return unit == 0 ? fmt::format("{} bytes", bytes) : fmt::format("{:.1f} {}", amount, units[unit]);
}

std::string counted(std::size_t n, const char* one, const char* many) {
  return fmt::format("{} {}", n, n == 1 ? one : many);
}

} // namespace

mail_batch compose(const digest& all) {
  mail_bag bag;
  for (const auto& about : all.notices) {
    if (auto* section = bag.section(about.owner_email, about.owner, "", about))
      section->owns_dataset = true;
    if (about.kind != notice_kind::completed)
      continue;
    for (const auto& x : about.consumers)
      if (auto* section = bag.section(x.owner_email, x.owner, x.owner_name, about))
        section->consumers.push_back(&x);
  }
  return bag.take();
}

bool is_mail_address(const std::string& text) {
  const auto plain = [](char x) {
    return x > ' ' && x < 0x7f && std::string_view{"<>()[],;:\\\""}.find(x) == std::string::npos;
  };
  const auto at = text.find('@');
  return at != text.npos && at > 0 && at + 1 < text.size() && text.find('@', at + 1) == text.npos
         && std::all_of(text.begin(), text.end(), plain);
}

std::string subject_of(const mail& x) {
  const auto done = static_cast<std::size_t>(
      std::count_if(x.sections.begin(), x.sections.end(), [](const mail_section& section) {
        return section.about->kind == notice_kind::completed;
      }));
  const auto waiting = x.sections.size() - done;
  if (x.sections.size() == 1 && done == 1)
    return fmt::format("[Skein] {} is now at {}", x.sections[0].about->dataset,
                       x.sections[0].about->target_version);
  if (x.sections.size() == 1)
    return fmt::format("[Skein] {} needs you on its way to {}", x.sections[0].about->dataset,
                       x.sections[0].about->target_version);
  if (waiting == 0)
    return fmt::format("[Skein] {} have new versions", counted(done, "dataset", "datasets"));
  if (done == 0)
    return fmt::format("[Skein] {} need you", counted(waiting, "migration", "migrations"));
  return fmt::format("[Skein] {} new, {} waiting for you",
                     counted(done, "version is", "versions are"),
                     counted(waiting, "migration is", "migrations are"));
}

std::string headline_of(const notice& x) {
  const auto name = x.title.empty() || x.title == x.dataset
                        ? x.dataset
                        : fmt::format("{} ({})", x.dataset, x.title);
  const auto way = fmt::format("on its way from {} to {}", x.current_version, x.target_version);
  switch (x.kind) {
    case notice_kind::completed:
      return fmt::format("{} is now at {} (was {}).", name, x.target_version, x.current_version);
    case notice_kind::held: return fmt::format("{} is held back {}.", name, way);
    case notice_kind::parked: return fmt::format("{} has failed {} and is parked.", name, way);
    case notice_kind::rolled_back:
      return fmt::format("{} was put back to {} (was {}).", name, x.current_version,
                         x.target_version);
    case notice_kind::quarantined: return fmt::format("{} is quarantined {}.", name, way);
  }
  return name;
}

std::string command_for(const notice& x) {
  if (x.kind == notice_kind::completed)
    return {};
  if (x.kind == notice_kind::rolled_back)
    return fmt::format("skein retry {} --from STEP --reason \"...\"", x.migration);
  return fmt::format("skein {} {} --reason \"...\"",
                     x.kind == notice_kind::held ? "approve" : "retry", x.migration);
}

std::string data_of(const notice& x) {
  if (!x.result.known)
    return {};
  const auto rows = static_cast<uint64_t>(std::max<int64_t>(x.result.rows, 0));
  return fmt::format("{}{}, {} {}, {}", x.result.location,
                     x.result.server.empty() ? "" : fmt::format(" on {}", x.result.server),
                     grouped(rows), rows == 1 ? "row" : "rows", size_text(x.result.bytes));
}

} // namespace skein::agents
