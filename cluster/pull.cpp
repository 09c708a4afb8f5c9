#include "cluster/pull.hpp"

namespace skein::cluster {

namespace {

using consumer_info = std::unique_ptr<jsConsumerInfo, nats_deleter<jsConsumerInfo_Destroy>>;

std::vector<pulled> read(const natsMsgList& list) {
  std::vector<pulled> out;
  for (int i = 0; i < list.Count; ++i) {
    jsMsgMetaData* raw = nullptr;
    if (natsMsg_GetMetaData(&raw, list.Msgs[i]) != NATS_OK)
      continue;
    out.push_back(
        {from_nats(list.Msgs[i]), raw->NumDelivered, raw->Sequence.Stream, raw->Sequence.Consumer});
    jsMsgMetaData_Destroy(raw);
  }
  return out;
}

} // namespace

expected<pull_source> pull_source::open(std::shared_ptr<nats_link> link, const std::string& stream,
                                        jsConsumerConfig& config) {
  const std::string doing = "open a consumer of the stream " + stream;
  jsConsumerInfo* raw_info = nullptr;
  auto status
      = js_AddConsumer(&raw_info, link->jetstream(), stream.c_str(), &config, nullptr, nullptr);
  const consumer_info info{raw_info};
  if (status != NATS_OK)
    return nats_fail(doing, status);
  jsSubOptions options;
  jsSubOptions_Init(&options);
  options.Stream = stream.c_str();
  options.Consumer = info->Name;
  options.Config.MemoryStorage = config.MemoryStorage; // the library compares it
  natsSubscription* raw = nullptr;
  status = js_PullSubscribe(&raw, link->jetstream(), config.FilterSubject, nullptr, nullptr,
                            &options, nullptr);
  pull_source out;
  out.handle_.reset(raw);
  if (status != NATS_OK)
    return nats_fail(doing, status);
  out.link_ = std::move(link);
  out.stream_ = stream;
  out.consumer_ = info->Name;
  return out;
}

expected<std::vector<pulled>> pull_source::pull(int batch, std::chrono::milliseconds timeout) {
  natsMsgList list{};
  const auto status = natsSubscription_Fetch(&list, handle_.get(), batch, timeout.count(), nullptr);
  if (status == NATS_TIMEOUT && forgotten())
    return fail("the server has no such consumer any more; open it again");
  if (status == NATS_TIMEOUT)
    return std::vector<pulled>{};
  if (status != NATS_OK)
    return nats_fail("fetch messages", status);
  auto out = read(list);
  natsMsgList_Destroy(&list);
  return out;
}

// A server that has forgotten the consumer and one that has nothing for it look the same to fetch.
bool pull_source::forgotten() const {
  jsConsumerInfo* raw = nullptr;
  jsErrCode code{};
  const auto status = js_GetConsumerInfo(&raw, link_->jetstream(), stream_.c_str(),
                                         consumer_.c_str(), nullptr, &code);
  jsConsumerInfo_Destroy(raw);
  return status == NATS_NOT_FOUND || code == JSConsumerNotFoundErr || code == JSStreamNotFoundErr;
}

} // namespace skein::cluster
