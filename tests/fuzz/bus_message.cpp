// Everything that crosses the bus, in both encodings. The first byte says what it is to be.
#include "events/bus.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <google/protobuf/stubs/logging.h>

using namespace skein;
using namespace skein::fuzz;

namespace {

const google::protobuf::LogSilencer quiet;

template <class Message>
void read_as(std::string_view bytes, bus::encoding how) {
  const auto read = bus::decode<Message>(bytes, how);
  if (!read)
    return must_say_why(read.error());
  const auto written = bus::encode(*read, how);
  const auto again = bus::decode<Message>(written, how);
  must(again.has_value(), "a message that was read is written and read again");
  if constexpr (requires { *again == *read; })
    must(*again == *read, "and is then the same");
  else
    must(bus::encode(*again, how).size() == written.size(), "and is then as long");
}

constexpr void (*readers[])(std::string_view, bus::encoding) = {
    read_as<bus::migrate_request>, read_as<bus::lease_request>, read_as<bus::lease_reply>,
    read_as<bus::report>,          read_as<bus::report_reply>,  read_as<bus::heartbeat>,
    read_as<bus::heartbeat_reply>, read_as<bus::notice>,        read_as<bus::agent_line>,
};

} // namespace

SKEIN_FUZZ(bus_message, bytes) {
  const auto choice = take_byte(bytes);
  const auto how = choice & 0x80 ? bus::encoding::json : bus::encoding::protobuf;
  readers[(choice & 0x7f) % std::size(readers)](bytes, how);
}
