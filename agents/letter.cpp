#include "agents/letter.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace skein::agents {

namespace {

/// Letters under way, by recipient.
class letter_bag {
public:
  /// The recipient's section about a notice.
  letter_section& section(const std::string& to, const std::string& name, const notice& about) {
    auto& found = letters_[to];
    found.to = to;
    if (found.name.empty())
      found.name = name;
    if (found.sections.empty() || found.sections.back().about != &about)
      found.sections.push_back({&about, false, {}});
    return found.sections.back();
  }

  void leave_out(const std::string& owner, const std::string& address) {
    unaddressed_.insert({owner, address});
  }

  letters take() {
    letters result;
    for (auto& [to, one] : letters_)
      result.all.push_back(std::move(one));
    result.unaddressed = std::move(unaddressed_);
    return result;
  }

private:
  std::map<std::string, letter> letters_;
  std::set<unaddressed_owner> unaddressed_;
};

/// Somebody who is to be told, as the catalog has it.
struct recipient {
  std::string owner, address;
};

/// `key_of` answers under what a recipient is known; nothing: not at all.
template <class KeyOf>
letters sort_by(const digest& all, KeyOf key_of) {
  letter_bag bag;
  const auto section
      = [&](const recipient& who, const std::string& name, const notice& about) -> letter_section* {
    const std::string key = key_of(who);
    if (!key.empty())
      return &bag.section(key, name, about);
    bag.leave_out(who.owner, who.address);
    return nullptr;
  };
  for (const auto& about : all.notices) {
    if (auto* mine = section({about.owner, about.owner_email}, "", about))
      mine->owns_dataset = true;
    for (const auto& address : about.escalate_to)
      if (const auto key = key_of(recipient{{}, address}); !key.empty())
        bag.section(key, "", about);
    if (about.kind != notice_kind::completed)
      continue;
    for (const auto& x : about.consumers)
      if (auto* mine = section({x.owner, x.owner_email}, x.owner_name, about))
        mine->consumers.push_back(&x);
  }
  return bag.take();
}

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

/// Of a letter about this alone, which is not completed.
std::string only_headline_of(const notice& x) {
  if (x.kind == notice_kind::test)
    return "a test";
  return fmt::format("{}{} needs you on its way to {}", x.reminder > 0 ? "Reminder: " : "",
                     x.dataset, x.target_version);
}

std::string counted(std::size_t n, const char* one, const char* many) {
  return fmt::format("{} {}", n, n == 1 ? one : many);
}

} // namespace

letters letters_by_address(const digest& all) {
  return sort_by(all, [](const recipient& who) {
    return is_mail_address(who.address) ? who.address : std::string{};
  });
}

letters letters_by_owner(const digest& all) {
  return sort_by(all, [](const recipient& who) { return who.owner; });
}

bool is_mail_address(const std::string& text) {
  const auto plain = [](char x) {
    return x > ' ' && x < 0x7f && std::string_view{"<>()[],;:\\\""}.find(x) == std::string::npos;
  };
  const auto at = text.find('@');
  return at != text.npos && at > 0 && at + 1 < text.size() && text.find('@', at + 1) == text.npos
         && std::all_of(text.begin(), text.end(), plain);
}

std::string headline_of(const letter& x) {
  const auto done = static_cast<std::size_t>(
      std::count_if(x.sections.begin(), x.sections.end(), [](const letter_section& section) {
        return section.about->kind == notice_kind::completed;
      }));
  const auto waiting = x.sections.size() - done;
  if (x.sections.size() == 1 && done == 1)
    return fmt::format("{} is now at {}", x.sections[0].about->dataset,
                       x.sections[0].about->target_version);
  if (x.sections.size() == 1)
    return only_headline_of(*x.sections[0].about);
  if (waiting == 0)
    return fmt::format("{} have new versions", counted(done, "dataset", "datasets"));
  if (done == 0)
    return fmt::format("{} need you", counted(waiting, "migration", "migrations"));
  return fmt::format("{} new, {} waiting for you", counted(done, "version is", "versions are"),
                     counted(waiting, "migration is", "migrations are"));
}

std::string why_told(const letter& x) {
  const auto owns = std::all_of(x.sections.begin(), x.sections.end(), [](const auto& section) {
    return section.owns_dataset || !section.consumers.empty();
  });
  return owns ? "because you own what is named here"
              : "because what is named here was escalated to you, or is yours";
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
    case notice_kind::test: return "This is a test: nothing waits for you.";
  }
  return name;
}

std::string data_of(const notice& x) {
  if (!x.result.known)
    return {};
  const auto rows = static_cast<uint64_t>(std::max<int64_t>(x.result.rows, 0));
  return fmt::format("{}{}, {} {}, {}", x.result.location,
                     x.result.server.empty() ? "" : fmt::format(" on {}", x.result.server),
                     grouped(rows), rows == 1 ? "row" : "rows", size_text(x.result.bytes));
}

std::string line_of(const told_change& x) {
  const auto names = x.to.empty() ? x.column : fmt::format("{} -> {}", x.column, x.to);
  return fmt::format("{}: {}{}", names, x.change,
                     x.detail.empty() ? "" : fmt::format(", {}", x.detail));
}

std::string line_of(const told_consumer& x) {
  auto line = fmt::format("{}{}: {}", x.name, x.type.empty() ? "" : fmt::format(" ({})", x.type),
                          x.verdict == "breaks" ? "BREAKS" : x.verdict);
  if (!x.reasons.empty())
    line += fmt::format(" ({})", fmt::join(x.reasons, "; "));
  return line;
}

} // namespace skein::agents
