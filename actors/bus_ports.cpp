#include "actors/bus_ports.hpp"

#include "cluster/subjects.hpp"

namespace skein::actors {

namespace {

using namespace std::chrono_literals;

/// A call to a coordinator that dies with it unanswered is repeated after this.
constexpr std::chrono::milliseconds patience = 5s;
constexpr std::chrono::milliseconds lease_slack = 2s;

template <class Reply>
expected<Reply> reply_in(const expected<cluster::message>& answer) {
  if (!answer)
    return tl::unexpected{answer.error()};
  return bus::decode<Reply>(answer->data);
}

template <class Call, class Reply>
void call(cluster::bus& link, const expected<std::string>& subject, const Call& what,
          std::chrono::milliseconds wait, std::function<void(expected<Reply>)> done) {
  if (!subject)
    return done(tl::unexpected{subject.error()});
  link.request_async(*subject, encode(what), wait,
                     [done = std::move(done)](const expected<cluster::message>& answer) {
                       done(reply_in<Reply>(answer));
                     });
}

} // namespace

lease_port lease_port_of(cluster::bus& link, std::string_view pool) {
  return [&link, subject = cluster::subjects::fleet_lease(pool)](const auto& what, auto done) {
    call<bus::lease_request, bus::lease_reply>(link, subject, what, what.wait + lease_slack,
                                               std::move(done));
  };
}

report_port report_port_of(cluster::bus& link, std::string_view pool) {
  return [&link, subject = cluster::subjects::fleet_report(pool)](const auto& what, auto done) {
    call<bus::report, bus::report_reply>(link, subject, what, patience, std::move(done));
  };
}

heartbeat_port heartbeat_port_of(cluster::bus& link, std::string_view pool) {
  return [&link, subject = cluster::subjects::fleet_heartbeat(pool)](const auto& what, auto done) {
    call<bus::heartbeat, bus::heartbeat_reply>(link, subject, what, patience, std::move(done));
  };
}

say_port say_port_of(cluster::bus& link) {
  return [&link](const bus::agent_line& line) {
    if (const auto subject = cluster::subjects::agent_log(line.agent))
      (void)link.publish({*subject,
                          {},
                          encode(line, bus::encoding::json),
                          {{"Content-Type", std::string{bus::json_content_type}}}});
  };
}

} // namespace skein::actors
