#include "agents/validate.hpp"

#include "agents/changes.hpp"

#include <fmt/format.h>

namespace skein::agents {

namespace {

constexpr const char* target_view = "target";

outcome<void> compare_rows(const migration_plan& plan, const table& source, const table& target) {
  if (source.rows == target.rows)
    return {};
  return give_up(fmt::format("{} has {} rows but the file written for {} has {}; an expression of "
                             "the mapping must give one value for each row.",
                             version_name(plan.before), source.rows, version_name(plan.after),
                             target.rows));
}

/// Both queries answer the number of rows, then count and sum of each carried column.
outcome<std::map<std::string, std::string>>
compare_checksums(database& db, const transformation& done, const table& target) {
  auto before = db.query(checksum_sql(done.columns, done.source.view, false));
  if (!before)
    return hand_on(before);
  auto after = db.query(checksum_sql(done.columns, target.view, true));
  if (!after)
    return hand_on(after);
  std::map<std::string, std::string> sums;
  std::size_t at = 1;
  for (const auto& x : done.columns) {
    if (!carries_values(x))
      continue;
    const auto was = before->text(at) + ":" + before->text(at + 1);
    const auto is = after->text(at) + ":" + after->text(at + 1);
    if (was != is)
      return give_up(fmt::format("Column {} was to be carried over unchanged from {}, but its "
                                 "checksum differs ({} before, {} in the file written).",
                                 in_quotes(x.name), in_quotes(x.reads.front()), was, is));
    sums[x.name] = is;
    at += 2;
  }
  return sums;
}

outcome<measured_check> measure_one(database& db, const quality_check& check) {
  auto answer = db.query(check.sql);
  if (!answer && answer.error().kind == trouble_kind::transient)
    return hand_on(answer);
  if (!answer || answer->rows.size() != 1 || !answer->rows[0][0])
    return give_up(
        fmt::format("The quality rule {} could not be measured: {}.", in_quotes(check.name),
                    answer ? "its query does not answer one number" : answer.error().what));
  const auto value = answer->number();
  return measured_check{check, value, within(value, check.must_be)};
}

outcome<std::vector<measured_check>> measure_all(database& db, const config::contract& of) {
  std::vector<measured_check> all;
  for (const auto& check : quality_checks(of, target_view)) {
    auto measured = measure_one(db, check);
    if (!measured)
      return hand_on(measured);
    if (!measured->ok && check.blocking)
      return give_up(fmt::format("The new data breaks a rule of contract {}, {}: it measures {} "
                                 "and must be {}.",
                                 version_name(of), in_quotes(check.name), measured->measured,
                                 to_string(check.must_be)));
    all.push_back(std::move(*measured));
  }
  return all;
}

} // namespace

outcome<validation> validate(database& db, const migration_plan& plan, const transformation& done,
                             const std::filesystem::path& staged) {
  auto target = open_table(db, plan.after, staged, target_view);
  if (!target)
    return hand_on(target);
  if (auto same = compare_rows(plan, done.source, *target); !same)
    return hand_on(same);
  auto sums = compare_checksums(db, done, *target);
  if (!sums)
    return hand_on(sums);
  auto quality = measure_all(db, plan.after);
  if (!quality)
    return hand_on(quality);
  return validation{std::move(*sums), std::move(*quality)};
}

} // namespace skein::agents
