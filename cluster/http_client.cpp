#include "cluster/http_client.hpp"

#include "cluster/curl_support.hpp"

#include <array>

namespace skein::cluster {

namespace {

constexpr std::size_t max_body_bytes = 64 << 20;

struct answer {
  http_response response;
  bool too_long = false;
};

std::size_t on_body(char* data, std::size_t, std::size_t size, void* closure) {
  auto& out = *static_cast<answer*>(closure);
  out.too_long = out.response.body.size() + size > max_body_bytes;
  if (out.too_long)
    return 0;
  out.response.body.append(data, size);
  return size;
}

std::string trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  const auto end = text.find_last_not_of(" \t\r\n");
  return begin == text.npos ? std::string{} : std::string{text.substr(begin, end - begin + 1)};
}

std::size_t on_header(char* data, std::size_t, std::size_t size, void* closure) {
  auto& headers = static_cast<answer*>(closure)->response.headers;
  const std::string_view line{data, size};
  // A status line begins a new answer: what came before was a 100.
  if (line.starts_with("HTTP/"))
    headers.clear();
  else if (const auto colon = line.find(':'); colon != line.npos)
    headers.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
  return size;
}

int on_progress(void* closure, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(closure)->load() ? 1 : 0;
}

curl_list to_list(const http_headers& headers) {
  curl_list out;
  for (const auto& [name, value] : headers)
    append(out, name + ": " + value);
  append(out, "Expect:"); // waiting for a 100 costs a second with servers that send none
  return out;
}

void set_request(CURL* curl, const std::string& method, const std::string& body) {
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method.c_str());
  if (method == "HEAD")
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  if (body.empty() && method != "POST" && method != "PUT")
    return;
  curl_easy_setopt(curl, CURLOPT_POST, 1L);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
}

failure trouble(const std::string& method, const std::string& url, bool too_long, CURLcode code,
                const char* detail) {
  std::string why = *detail != '\0' ? detail : curl_easy_strerror(code);
  if (too_long)
    why = "its answer is longer than 64 MiB; ask for less";
  return {"no answer to " + method + " " + shown_url(url) + ": " + why};
}

} // namespace

expected<http_response> http_call(const std::string& method, const std::string& url,
                                  const std::string& body, const http_headers& headers,
                                  std::chrono::milliseconds timeout, const tls_files& tls,
                                  const std::atomic<bool>* given_up) {
  const auto curl = make_curl();
  const auto list = to_list(headers);
  std::array<char, CURL_ERROR_SIZE> detail{};
  answer out;
  out.response.content_type.clear();
  set_request(curl.get(), method, body);
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, list.get());
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  use(tls, curl.get());
  if (given_up != nullptr) {
    curl_easy_setopt(curl.get(), CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl.get(), CURLOPT_XFERINFODATA, given_up);
  }
  curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, detail.data());
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &out);
  curl_easy_setopt(curl.get(), CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(curl.get(), CURLOPT_HEADERDATA, &out);
  if (const auto code = curl_easy_perform(curl.get()); code != CURLE_OK)
    return tl::unexpected{trouble(method, url, out.too_long, code, detail.data())};
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  out.response.status = static_cast<int>(status);
  if (char* type = nullptr;
      curl_easy_getinfo(curl.get(), CURLINFO_CONTENT_TYPE, &type) == CURLE_OK && type != nullptr)
    out.response.content_type = type;
  return std::move(out.response);
}

} // namespace skein::cluster
