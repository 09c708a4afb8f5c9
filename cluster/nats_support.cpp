#include "cluster/nats_support.hpp"

#include <cstdlib>

namespace skein::cluster {

namespace {

const char* what_to_do(natsStatus status) {
  switch (status) {
    case NATS_NO_SERVER: return "start nats-server or correct the URL";
    case NATS_CONNECTION_AUTH_FAILED:
    case NATS_NOT_PERMITTED: return "correct the user, the password or the server's permissions";
    case NATS_NO_RESPONDERS:
      return "nobody listens there: start the role that answers it, or try "
             "again when it is up";
    case NATS_TIMEOUT:
      return "no answer came in time: it may have been carried out, so try again "
             "with the same ids";
    case NATS_CONNECTION_CLOSED:
    case NATS_CONNECTION_DISCONNECTED:
    case NATS_INSUFFICIENT_BUFFER: return "the connection is down; try again when it is back";
    case NATS_MAX_PAYLOAD: return "send less at a time or raise the server's max_payload";
    case NATS_NOT_FOUND: return "correct the name, or create it first";
    case NATS_INVALID_SUBJECT: return "correct the subject: tokens without blanks, between dots";
    default: return "see the server's log";
  }
}

bool add_headers(natsMsg* msg, const header_list& headers) {
  for (const auto& [name, value] : headers)
    if (natsMsgHeader_Add(msg, name.c_str(), value.c_str()) != NATS_OK)
      return false;
  return true;
}

void read_values(natsMsg* msg, const char* name, header_list& out) {
  const char** values = nullptr;
  int count = 0;
  if (natsMsgHeader_Values(msg, name, &values, &count) != NATS_OK)
    return;
  for (int i = 0; i < count; ++i)
    out.emplace_back(name, values[i]);
  std::free(values);
}

header_list read_headers(natsMsg* msg) {
  header_list out;
  const char** names = nullptr;
  int count = 0;
  if (natsMsgHeader_Keys(msg, &names, &count) != NATS_OK)
    return out;
  for (int i = 0; i < count; ++i)
    read_values(msg, names[i], out);
  std::free(names);
  return out;
}

std::string or_empty(const char* text) { return text != nullptr ? text : ""; }

} // namespace

std::string nats_trouble(const std::string& doing, natsStatus status) {
  std::string out = "cannot " + doing + ": " + natsStatus_GetText(status);
  // The library keeps one error for each thread; it is this one's if the status is the same.
  natsStatus last = NATS_OK;
  if (const char* detail = nats_GetLastError(&last);
      detail != nullptr && *detail != '\0' && last == status && out.find(detail) == out.npos)
    out += std::string{" ("} + detail + ")";
  return out + "; " + what_to_do(status);
}

message from_nats(natsMsg* msg) {
  const auto size = static_cast<std::size_t>(natsMsg_GetDataLength(msg));
  return {or_empty(natsMsg_GetSubject(msg)), or_empty(natsMsg_GetReply(msg)),
          size > 0 ? std::string{natsMsg_GetData(msg), size} : std::string{}, read_headers(msg)};
}

expected<nats_message> to_nats(const message& what, const std::string& reply) {
  natsMsg* raw = nullptr;
  const auto status
      = natsMsg_Create(&raw, what.subject.c_str(), reply.empty() ? nullptr : reply.c_str(),
                       what.data.data(), static_cast<int>(what.data.size()));
  if (status != NATS_OK)
    return nats_fail("make a message for the subject " + what.subject, status);
  nats_message msg{raw};
  if (!add_headers(raw, what.headers))
    return fail("cannot make a message for the subject " + what.subject
                + ": a header has an empty name");
  return msg;
}

} // namespace skein::cluster
