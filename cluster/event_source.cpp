#include "cluster/event_source.hpp"

#include "cluster/curl_support.hpp"

#include <array>
#include <atomic>

namespace skein::cluster {

namespace {

constexpr int look_again_ms = 1000; ///< curl times its own limits by being called

struct multi_deleter {
  void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};

/// What curl's callbacks work on.
struct stream {
  CURL* curl;
  const std::function<void()>& on_open;
  server_sent_events events;
  bool too_long = false;
};

long status_of(CURL* curl) {
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

std::size_t on_header(char* data, std::size_t, std::size_t size, void* closure) {
  auto& in = *static_cast<stream*>(closure);
  // The empty line ends the headers.
  if (std::string_view{data, size} == "\r\n" && status_of(in.curl) == 200)
    in.on_open();
  return size;
}

std::size_t on_body(char* data, std::size_t, std::size_t size, void* closure) {
  auto& in = *static_cast<stream*>(closure);
  if (status_of(in.curl) != 200)
    return size;
  in.too_long = !in.events.take({data, size});
  return in.too_long ? 0 : size;
}

curl_list to_list(const http_headers& headers) {
  curl_list list;
  append(list, "Accept: text/event-stream");
  for (const auto& [name, value] : headers)
    append(list, name + ": " + value);
  return list;
}

void set_options(CURL* curl, const event_source_options& want, curl_slist* headers,
                 std::array<char, CURL_ERROR_SIZE>& detail, stream& into) {
  const auto seconds = [](std::chrono::seconds span) { return static_cast<long>(span.count()); };
  curl_easy_setopt(curl, CURLOPT_URL, want.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, seconds(want.connect_patience));
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, seconds(want.silence_patience));
  curl_easy_setopt(curl, CURLOPT_TCP_KEEPALIVE, 1L);
  use(want.tls, curl);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail.data());
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &into);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &into);
}

std::string why_ended(CURLcode code, const char* detail, const stream& in) {
  if (in.too_long)
    return "an event is longer than 1 MiB";
  if (const auto status = status_of(in.curl); status != 200 && status != 0)
    return "HTTP status " + std::to_string(status);
  if (code == CURLE_OK)
    return "the server ended it";
  return *detail != '\0' ? detail : curl_easy_strerror(code);
}

} // namespace

struct event_source::impl {
  curl_handle first_use = make_curl(); ///< initialises the library
  std::unique_ptr<CURLM, multi_deleter> multi{curl_multi_init()};
  std::atomic<bool> stopped = false;

  CURLcode perform() {
    int running = 1;
    while (!stopped) {
      if (curl_multi_perform(multi.get(), &running) != CURLM_OK)
        return CURLE_FAILED_INIT;
      int left = 0;
      if (const auto* news = curl_multi_info_read(multi.get(), &left); news != nullptr)
        return news->data.result;
      curl_multi_poll(multi.get(), nullptr, 0, look_again_ms, nullptr);
    }
    return CURLE_ABORTED_BY_CALLBACK;
  }
};

event_source::event_source() : impl_{std::make_unique<impl>()} {}

event_source::~event_source() = default;

failure event_source::follow(const event_source_options& want, const std::function<void()>& on_open,
                             const server_sent_events::handler& on_event) {
  const auto curl = make_curl();
  const auto headers = to_list(want.headers);
  std::array<char, CURL_ERROR_SIZE> detail{};
  stream into{curl.get(), on_open, server_sent_events{on_event}};
  set_options(curl.get(), want, headers.get(), detail, into);
  curl_multi_add_handle(impl_->multi.get(), curl.get());
  const auto code = impl_->perform();
  curl_multi_remove_handle(impl_->multi.get(), curl.get());
  return {why_ended(code, detail.data(), into)};
}

void event_source::stop() {
  impl_->stopped = true;
  curl_multi_wakeup(impl_->multi.get());
}

} // namespace skein::cluster
