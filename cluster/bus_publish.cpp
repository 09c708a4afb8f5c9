#include "cluster/bus_impl.hpp"

#include <nlohmann/json.hpp>

namespace skein::cluster {

namespace {

constexpr auto message_id_header = "Nats-Msg-Id";

// The connection that gathers holds a message back for a millisecond, which only pays for many.
constexpr std::size_t worth_gathering = 32;

struct free_ack {
  void operator()(jsPubAck* ack) const { jsPubAck_Destroy(ack); }
};

// A batch under way: shared with the callbacks, which may outlast the wait.
struct batch_state {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> why; // for each message why it is not acknowledged; "" if it is
  std::size_t answered = 0;
  std::size_t wanted; // so many answers are waited for

  explicit batch_state(std::size_t size) : why(size), wanted{size} {}

  // Wakes the one who waits with the last answer only: waking a thread costs more than an answer.
  void answer(std::size_t index, std::string trouble) {
    const std::lock_guard lock{mutex};
    why[index] = std::move(trouble);
    if (++answered == wanted)
      changed.notify_all();
  }

  void wait_for(std::size_t count) {
    std::unique_lock lock{mutex};
    wanted = count;
    changed.wait(lock, [&] { return answered == wanted; });
  }
};

// {"stream":"S","seq":7}, or {"stream":"S","seq":0,"error":{"code":400,"description":"..."}}
std::string trouble_in(const expected<message>& reply, const std::string& subject) {
  if (!reply)
    return reply.error().what;
  const auto ack = nlohmann::json::parse(reply->data, nullptr, false);
  if (ack.is_object() && ack.contains("seq") && !ack.contains("error"))
    return {};
  const auto text = ack.is_object() ? ack.value("/error/description"_json_pointer, "") : "";
  return "the stream did not store a message to " + subject + ": "
         + (text.empty() ? "its answer is not an acknowledgement: " + reply->data.substr(0, 200)
                         : text)
         + "; see the stream's limits";
}

message with_id(const durable_message& from) {
  message out{from.subject, {}, from.data, from.headers};
  out.headers.emplace_back(message_id_header, from.message_id);
  return out;
}

} // namespace

expected<publish_ack> bus::publish_durable(const std::string& subject, const std::string& data,
                                           const std::string& message_id,
                                           const header_list& headers,
                                           std::chrono::milliseconds timeout) {
  auto msg = to_nats({subject, {}, data, headers}, {});
  if (!msg)
    return tl::unexpected{msg.error()};
  jsPubOptions options;
  jsPubOptions_Init(&options);
  options.MaxWait = timeout.count();
  options.MsgId = message_id.empty() ? nullptr : message_id.c_str();
  jsPubAck* raw = nullptr;
  const auto status = js_PublishMsg(&raw, impl_->fast->jetstream(), msg->get(), &options, nullptr);
  const std::unique_ptr<jsPubAck, free_ack> ack{raw};
  if (status == NATS_NO_RESPONDERS)
    return fail("cannot store a message to " + subject
                + ": no stream takes this subject; create the stream, or wait for the server's "
                  "JetStream");
  if (status != NATS_OK)
    return nats_fail("store a message to " + subject, status);
  return publish_ack{ack->Sequence, ack->Duplicate};
}

batch_result bus::publish_durable_batch(std::span<const durable_message> messages,
                                        std::chrono::milliseconds timeout) {
  const auto state = std::make_shared<batch_state>(messages.size());
  auto& replies = messages.size() < worth_gathering ? impl_->fast_replies : impl_->bulk_replies;
  std::size_t asked = 0;
  for (bool sent = true; sent && asked < messages.size(); ++asked) {
    const auto& each = messages[asked];
    const auto done = [state, index = asked, subject = each.subject](expected<message> reply) {
      state->answer(index, trouble_in(reply, subject));
    };
    sent = replies.ask(with_id(each), timeout, done);
  }
  state->wait_for(asked);
  for (std::size_t i = 0; i < asked; ++i)
    if (!state->why[i].empty())
      return {i, state->why[i]};
  return {asked, {}};
}

} // namespace skein::cluster
