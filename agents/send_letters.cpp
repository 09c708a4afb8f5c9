#include "agents/send_letters.hpp"

#include "agents/agent_io.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace skein::agents {

using nlohmann::json;

namespace {

json empty_output(const digest& all, const char* what) {
  json output{{what, json::array()}, {"results", json::object()}};
  for (const auto& x : all.notices)
    output["results"][x.migration] = {{"told", json::array()}};
  return output;
}

void note_delivery(json& output, const letter& x, const char* what, const char* medium,
                   const std::string& where) {
  auto datasets = json::array();
  for (const auto& section : x.sections) {
    datasets.push_back(section.about->dataset);
    output["results"][section.about->migration]["told"].push_back(x.to);
  }
  output[what].push_back({{"to", x.to}, {medium, where}, {"datasets", std::move(datasets)}});
}

} // namespace

outcome<json> send_letters(const digest& all, const letters& sorted, const char* what,
                           const char* medium, const deliver_letter& deliver) {
  auto output = empty_output(all, what);
  for (std::size_t i = 0; i < sorted.all.size(); ++i) {
    const auto& x = sorted.all[i];
    const auto where = deliver(x);
    if (!where && where.error().kind == trouble_kind::transient)
      return tl::unexpected{where.error()};
    if (where)
      note_delivery(output, x, what, medium, *where);
    else
      output["rejected"].push_back({{"to", x.to}, {"why", where.error().what}});
    progress(static_cast<double>(i + 1) / static_cast<double>(sorted.all.size()),
             fmt::format("{} of {} {}", i + 1, sorted.all.size(), what));
  }
  for (const auto& x : sorted.unaddressed)
    output["unaddressed"].push_back({{"owner", x.owner}, {"address", x.address}});
  return output;
}

} // namespace skein::agents
