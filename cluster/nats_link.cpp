#include "cluster/nats_link.hpp"

#include <array>

namespace skein::cluster {

namespace {

using nats_options = std::unique_ptr<natsOptions, nats_deleter<natsOptions_Destroy>>;

std::vector<std::string> split(const std::string& urls) {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin <= urls.size();) {
    const auto end = std::min(urls.find(',', begin), urls.size());
    out.push_back(urls.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

// A URL may carry a password or a token, which no message may.
std::string shown(const std::string& urls) {
  std::string out;
  for (auto url : split(urls)) {
    const auto begin = url.find("//");
    const auto at = url.rfind('@');
    if (begin < at && at != url.npos)
      url.replace(begin + 2, at - begin - 2, "***");
    out += (out.empty() ? "" : ",") + url;
  }
  return out;
}

std::string server_of(natsConnection* connection) {
  std::array<char, 256> url{};
  natsConnection_GetConnectedUrl(connection, url.data(), url.size());
  return shown(url.data());
}

natsStatus set_servers(natsOptions* options, const std::string& urls) {
  const auto list = split(urls);
  std::vector<const char*> pointers;
  for (const auto& each : list)
    pointers.push_back(each.c_str());
  return natsOptions_SetServers(options, pointers.data(), static_cast<int>(pointers.size()));
}

/// The system's authorities unless we are told of others, and the host's name must be right: the
/// library checks that by itself.
natsStatus set_tls(natsOptions* options, const bus_identity& who) {
  auto status = natsOptions_SetSecure(options, true);
  if (status == NATS_OK && !who.ca.empty())
    status = natsOptions_LoadCATrustedCertificates(options, who.ca.c_str());
  if (status == NATS_OK && !who.certificate.empty())
    status = natsOptions_LoadCertificatesChain(options, who.certificate.c_str(), who.key.c_str());
  return status;
}

bool wants_tls(const std::string& urls, const bus_identity& who) {
  return urls.find("tls://") != std::string::npos || !who.ca.empty() || !who.certificate.empty();
}

expected<void> set_identity(natsOptions* options, const std::string& urls,
                            const bus_identity& who) {
  if (wants_tls(urls, who))
    if (const auto status = set_tls(options, who); status != NATS_OK)
      return nats_fail("use TLS for NATS with the certificates " + who.ca.string() + " "
                           + who.certificate.string(),
                       status);
  if (!who.user.empty())
    natsOptions_SetUserInfo(options, who.user.c_str(), who.password.c_str());
  if (!who.credentials.empty())
    if (const auto status
        = natsOptions_SetUserCredentialsFromFiles(options, who.credentials.c_str(), nullptr);
        status != NATS_OK)
      return nats_fail("use the credentials " + who.credentials.string(), status);
  if (const auto status = natsOptions_SetCustomInboxPrefix(options, inbox_of(who).c_str());
      status != NATS_OK)
    return nats_fail("take replies on " + inbox_of(who), status);
  return {};
}

expected<nats_options> make_options(const bus_options& options, bool send_at_once) {
  natsOptions* raw = nullptr;
  if (const auto status = natsOptions_Create(&raw); status != NATS_OK)
    return nats_fail("prepare a connection to NATS", status);
  nats_options out{raw};
  if (const auto status = set_servers(raw, options.url); status != NATS_OK)
    return nats_fail("use the NATS URL " + shown(options.url), status);
  if (auto set = set_identity(raw, options.url, options.identity); !set)
    return tl::unexpected{set.error()};
  natsOptions_SetName(raw, options.name.c_str());
  natsOptions_SetMaxReconnect(raw, options.max_reconnect);
  natsOptions_SetReconnectWait(raw, options.reconnect_wait.count());
  // What the library buffers during an outage it may still lose afterwards, without a word.
  natsOptions_SetReconnectBufSize(raw, 0);
  natsOptions_SetFailRequestsOnDisconnect(raw, true);
  natsOptions_SetSendAsap(raw, send_at_once);
  return out;
}

} // namespace

expected<std::shared_ptr<nats_link>> nats_link::open(const bus_options& options, bool send_at_once,
                                                     state_sink sink) {
  std::shared_ptr<nats_link> self{new nats_link};
  self->sink_ = std::move(sink);
  if (auto connected = self->connect(options, send_at_once); !connected)
    return tl::unexpected{connected.error()};
  return self;
}

expected<void> nats_link::connect(const bus_options& options, bool send_at_once) {
  auto prepared = make_options(options, send_at_once);
  if (!prepared)
    return tl::unexpected{prepared.error()};
  set_callbacks(prepared->get());
  inbox_ = inbox_of(options.identity);
  if (const auto status = natsConnection_Connect(&connection_, prepared->get()); status != NATS_OK)
    return nats_fail("connect to NATS at " + shown(options.url), status);
  if (const auto status = natsConnection_JetStream(&jetstream_, connection_, nullptr);
      status != NATS_OK)
    return nats_fail("use JetStream at " + shown(options.url), status);
  return {};
}

void nats_link::set_callbacks(natsOptions* options) {
  natsOptions_SetDisconnectedCB(options, on_disconnected, this);
  natsOptions_SetReconnectedCB(options, on_reconnected, this);
  natsOptions_SetClosedCB(options, on_closed, this);
  natsOptions_SetErrorHandler(options, on_error, this);
}

nats_link::~nats_link() {
  if (connection_ == nullptr)
    return;
  close();
  jsCtx_Destroy(jetstream_);
  natsConnection_Destroy(connection_);
}

void nats_link::close() {
  natsConnection_Close(connection_);
  was_closed_.wait();
}

expected<void> nats_link::publish(const message& what, const std::string& reply) {
  auto msg = to_nats(what, reply);
  if (!msg)
    return tl::unexpected{msg.error()};
  const auto status = natsConnection_PublishMsg(connection_, msg->get());
  discard(*std::move(msg));
  if (status != NATS_OK)
    return nats_fail("publish to " + what.subject, status);
  return {};
}

void nats_link::on_disconnected(natsConnection*, void* closure) {
  const auto* self = static_cast<nats_link*>(closure);
  self->sink_(bus_state::disconnected, "lost the connection to NATS; reconnecting");
}

void nats_link::on_reconnected(natsConnection* connection, void* closure) {
  const auto* self = static_cast<nats_link*>(closure);
  self->sink_(bus_state::connected, "connected again to NATS at " + server_of(connection));
}

void nats_link::on_closed(natsConnection*, void* closure) {
  auto* self = static_cast<nats_link*>(closure);
  self->sink_(bus_state::closed, "the connection to NATS is closed");
  self->closed_.set_value();
}

void nats_link::on_error(natsConnection* connection, natsSubscription* subscription,
                         natsStatus status, void* closure) {
  const auto* self = static_cast<nats_link*>(closure);
  const auto subject = subscription ? natsSubscription_GetSubject(subscription) : nullptr;
  std::string text = "NATS reports: ";
  text += natsStatus_GetText(status);
  if (subject != nullptr)
    text += std::string{" on the subject "} + subject;
  // Only there does the server say what it did not permit.
  const char* last = nullptr;
  if (status == NATS_NOT_PERMITTED && natsConnection_GetLastError(connection, &last) != NATS_OK
      && last != nullptr)
    text += std::string{" ("} + last + "); give this user the role for it, see docs/bus.md";
  if (status == NATS_SLOW_CONSUMER)
    text += "; messages were dropped because their handler is slower than they come";
  self->sink_(bus_state::trouble, text);
}

} // namespace skein::cluster
