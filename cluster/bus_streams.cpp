#include "cluster/bus_impl.hpp"

#include <algorithm>

namespace skein::cluster {

namespace {

using stream_info_ptr = std::unique_ptr<jsStreamInfo, nats_deleter<jsStreamInfo_Destroy>>;

jsRetentionPolicy to_nats(retention_policy policy) {
  return policy == retention_policy::limits ? js_LimitsPolicy : js_WorkQueuePolicy;
}

jsDiscardPolicy to_nats(discard_policy policy) {
  return policy == discard_policy::oldest ? js_DiscardOld : js_DiscardNew;
}

std::vector<const char*> pointers(const std::vector<std::string>& strings) {
  std::vector<const char*> out;
  for (const auto& each : strings)
    out.push_back(each.c_str());
  return out;
}

// Writes what we decide over what the stream has, so that its other settings stay.
void fill(jsStreamConfig& out, const stream_config& config, std::vector<const char*>& subjects) {
  out.Name = config.name.c_str();
  out.Subjects = subjects.data();
  out.SubjectsLen = static_cast<int>(subjects.size());
  out.Retention = to_nats(config.retention);
  out.Discard = to_nats(config.discard);
  out.MaxAge = to_ns(config.max_age);
  out.Duplicates = to_ns(config.duplicate_window);
  out.MaxBytes = config.max_bytes;
}

bool same(const jsStreamConfig& has, const stream_config& config) {
  std::vector<std::string> subjects(has.Subjects, has.Subjects + has.SubjectsLen);
  return subjects == config.subjects && has.Retention == to_nats(config.retention)
         && has.Discard == to_nats(config.discard) && has.MaxAge == to_ns(config.max_age)
         && has.Duplicates == to_ns(config.duplicate_window) && has.MaxBytes == config.max_bytes;
}

natsStatus look_up(stream_info_ptr& out, jsCtx* js, const std::string& name, jsErrCode& code) {
  jsStreamInfo* raw = nullptr;
  const auto status = js_GetStreamInfo(&raw, js, name.c_str(), nullptr, &code);
  out.reset(raw);
  return status;
}

expected<void> create(jsCtx* js, const stream_config& config) {
  auto subjects = pointers(config.subjects);
  jsStreamConfig wanted;
  jsStreamConfig_Init(&wanted);
  fill(wanted, config, subjects);
  if (const auto status = js_AddStream(nullptr, js, &wanted, nullptr, nullptr); status != NATS_OK)
    return nats_fail("create the stream " + config.name, status);
  return {};
}

expected<void> update(jsCtx* js, const jsStreamConfig& has, const stream_config& config) {
  if (has.Retention != to_nats(config.retention))
    return fail("cannot change the retention of the stream " + config.name
                + ", which the server fixed when it was created; drain and delete the stream, or "
                  "use another server");
  auto subjects = pointers(config.subjects);
  auto wanted = has;
  fill(wanted, config, subjects);
  if (const auto status = js_UpdateStream(nullptr, js, &wanted, nullptr, nullptr);
      status != NATS_OK)
    return nats_fail("change the stream " + config.name, status);
  return {};
}

} // namespace

expected<void> bus::ensure_stream(const stream_config& config) {
  auto* js = impl_->fast->jetstream();
  stream_info_ptr info;
  jsErrCode code{};
  auto status = look_up(info, js, config.name, code);
  if (status == NATS_NOT_FOUND) {
    auto created = create(js, config);
    // Another process may have been quicker: then its stream is looked at instead.
    status = created ? NATS_OK : look_up(info, js, config.name, code);
    if (created || status != NATS_OK)
      return created;
  }
  if (status != NATS_OK)
    return nats_fail("look up the stream " + config.name, status);
  return same(*info->Config, config) ? expected<void>{} : update(js, *info->Config, config);
}

expected<stream_state> bus::stream_info(const std::string& stream) {
  stream_info_ptr info;
  jsErrCode code{};
  if (const auto status = look_up(info, impl_->fast->jetstream(), stream, code); status != NATS_OK)
    return nats_fail("look up the stream " + stream, status);
  const auto& state = info->State;
  return stream_state{state.Msgs, state.Bytes, state.FirstSeq, state.LastSeq};
}

expected<std::optional<message>> bus::last_message(const std::string& stream,
                                                   const std::string& subject) {
  natsMsg* raw = nullptr;
  jsErrCode code{};
  const auto status = js_GetLastMsg(&raw, impl_->fast->jetstream(), stream.c_str(),
                                    subject.empty() ? ">" : subject.c_str(), nullptr, &code);
  const nats_message msg{raw};
  if (status == NATS_NOT_FOUND && code != JSStreamNotFoundErr)
    return std::nullopt;
  if (status != NATS_OK)
    return nats_fail("read the last message of the stream " + stream, status);
  return from_nats(raw);
}

} // namespace skein::cluster
