#include "agents/transform.hpp"

#include "agents/changes.hpp"
#include "agents/sql_text.hpp"

#include <fmt/format.h>

namespace skein::agents {

using config::rule_kind;

namespace {

constexpr const char* source_view = "source";
/// An empty table with the source's columns: binding an expression to the view would look at the
/// file again for each of them.
constexpr const char* shape_table = "source shape";

std::string columns_read(const derived_column& x) {
  std::vector<std::string> names;
  for (const auto& name : x.reads)
    names.push_back(identifier(name));
  return names.empty() ? "1" : fmt::format("{}", fmt::join(names, ", "));
}

/// An expression sees only the columns it declares, so that what `reads` says can be trusted.
outcome<void> check_expression(database& db, const derived_column& x) {
  auto valid = db.check(fmt::format("SELECT {} AS value FROM (SELECT {} FROM {})", x.value,
                                    columns_read(x), identifier(shape_table)));
  if (valid || valid.error().kind == trouble_kind::transient)
    return valid;
  return give_up(
      fmt::format("The mapping computes column {} with an expression that DuckDB "
                  "refuses: {}; its \"reads\" are: {}.",
                  in_quotes(x.name), valid.error().what,
                  x.reads.empty() ? "none" : fmt::format("{}", fmt::join(x.reads, ", "))));
}

outcome<void> check_expressions(database& db, const std::vector<derived_column>& columns) {
  auto shape = db.query(fmt::format("CREATE OR REPLACE TEMP TABLE {} AS SELECT * FROM {} LIMIT 0",
                                    identifier(shape_table), identifier(source_view)));
  if (!shape)
    return hand_on(shape);
  for (const auto& x : columns)
    if (x.kind == rule_kind::expression || x.kind == rule_kind::constant)
      if (auto valid = check_expression(db, x); !valid)
        return valid;
  return {};
}

/// The number of the first row where `condition` holds, and the values of `columns` there.
outcome<query_result> first_row(database& db, const std::string& condition,
                                const std::vector<std::string>& columns) {
  std::string list = "number";
  for (const auto& name : columns)
    list += fmt::format(", CAST({} AS VARCHAR)", identifier(name));
  return db.query(fmt::format("SELECT {} FROM (SELECT row_number() OVER () AS number, * FROM {}) "
                              "WHERE {} ORDER BY number LIMIT 1",
                              list, identifier(source_view), condition));
}

outcome<trouble> cast_failure(database& db, const migration_plan& plan, const derived_column& x,
                              int64_t how_many) {
  const auto& old = x.reads.front();
  auto row = first_row(db, x.fails, {old});
  if (!row)
    return hand_on(row);
  const auto* column = plan.before.find(old);
  return trouble{
      trouble_kind::permanent,
      fmt::format("Row {} of {}, column {}: cannot convert '{}' to {} for the new column "
                  "{} ({} contract says {}; {} such values in all); correct the value, "
                  "or give the rule a format, an expression or \"on_error: null\".",
                  row->integer(), plan.source_file().string(), in_quotes(old), row->text(1), x.type,
                  in_quotes(x.name), plan.before.version, column ? column->type : "", how_many),
      {}};
}

outcome<void> check_casts(database& db, const migration_plan& plan, transformation& to) {
  std::vector<const derived_column*> casts;
  std::vector<std::string> counts;
  for (const auto& x : to.columns) {
    if (x.fails.empty())
      continue;
    casts.push_back(&x);
    counts.push_back(fmt::format("count_if({})", x.fails));
  }
  if (casts.empty())
    return {};
  auto found = db.query(
      fmt::format("SELECT {} FROM {}", fmt::join(counts, ", "), identifier(source_view)));
  if (!found)
    return hand_on(found);
  for (std::size_t i = 0; i < casts.size(); ++i) {
    if (casts[i]->null_on_error)
      to.nulled[casts[i]->name] = found->integer(i);
    else if (found->integer(i) > 0) {
      auto why = cast_failure(db, plan, *casts[i], found->integer(i));
      return tl::unexpected<trouble>{why ? std::move(*why) : std::move(why.error())};
    }
  }
  return {};
}

/// Whether the expression fails on some of the first `rows` rows. The sum of hashes needs every
/// value, so the optimizer cannot leave one out.
bool fails_within(database& db, const derived_column& x, int64_t rows) {
  auto done = db.query(fmt::format("SELECT sum(hash(value)) FROM (SELECT {} AS value FROM (SELECT "
                                   "{} FROM {} LIMIT {}))",
                                   x.value, columns_read(x), identifier(source_view), rows));
  return !done && done.error().kind == trouble_kind::permanent;
}

int64_t first_failing_row(database& db, const derived_column& x, int64_t rows) {
  int64_t good = 0, bad = rows;
  while (bad - good > 1) {
    const auto middle = good + (bad - good) / 2;
    (fails_within(db, x, middle) ? bad : good) = middle;
  }
  return bad;
}

std::string values_in(database& db, const derived_column& x, int64_t row) {
  auto values = first_row(db, fmt::format("number = {}", row), x.reads);
  std::vector<std::string> parts;
  for (std::size_t i = 0; values && i < x.reads.size(); ++i)
    parts.push_back(fmt::format("{} = '{}'", in_quotes(x.reads[i]), values->text(i + 1)));
  return fmt::format("{}", fmt::join(parts, ", "));
}

} // namespace

outcome<transformation> prepare_transformation(database& db, const migration_plan& plan) {
  transformation out;
  auto source = open_table(db, plan.before, plan.source_file(), source_view);
  if (!source)
    return hand_on(source);
  out.source = *source;
  out.columns = derive(plan.before, plan.mapping, plan.after);
  if (auto valid = check_expressions(db, out.columns); !valid)
    return hand_on(valid);
  if (auto survive = check_casts(db, plan, out); !survive)
    return hand_on(survive);
  return out;
}

trouble explain(database& db, const migration_plan& plan, const transformation& tried,
                trouble failed) {
  if (failed.kind != trouble_kind::permanent)
    return failed;
  for (const auto& x : tried.columns) {
    if (x.kind != rule_kind::expression || !fails_within(db, x, tried.source.rows))
      continue;
    const auto row = first_failing_row(db, x, tried.source.rows);
    return {trouble_kind::permanent,
            fmt::format("Row {} of {}: the expression for the new column {} fails: {} ({}).", row,
                        plan.source_file().string(), in_quotes(x.name), failed.what,
                        values_in(db, x, row)),
            {}};
  }
  return failed;
}

} // namespace skein::agents
