#include "cluster/smtp_client.hpp"

#include "cluster/curl_support.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace skein::cluster {

namespace {

constexpr long first_permanent_code = 500;

tl::unexpected<smtp_failure> refuse(std::string what) {
  return tl::unexpected{smtp_failure{smtp_fault::permanent, std::move(what)}};
}

// What could end the address early would let its writer speak SMTP to the server.
bool is_address(std::string_view text) {
  const auto harmless = [](unsigned char c) { return c > ' ' && c != 127 && c != '<' && c != '>'; };
  return !text.empty() && std::all_of(text.begin(), text.end(), harmless);
}

std::size_t read_message(char* to, std::size_t, std::size_t size, void* closure) {
  auto& left = *static_cast<std::string_view*>(closure);
  const auto count = std::min(size, left.size());
  std::memcpy(to, left.data(), count);
  left.remove_prefix(count);
  return count;
}

// The server's answers come line by line. The last that refuses (4xx, 5xx) is the reason.
std::size_t keep_refusal(char* data, std::size_t, std::size_t size, void* closure) {
  std::string_view line{data, size};
  line = line.substr(0, line.find_last_not_of("\r\n") + 1);
  if (line.starts_with('4') || line.starts_with('5'))
    static_cast<std::string*>(closure)->assign(line);
  return size;
}

std::size_t ignore_body(char*, std::size_t, std::size_t size, void*) { return size; }

} // namespace

struct smtp_client::impl {
  smtp_options options;
  curl_handle curl = make_curl();
  std::array<char, CURL_ERROR_SIZE> detail{};
  std::string refusal;

  void set_connection();
  CURLcode perform(const std::string& from, curl_slist* recipients, std::string_view message);
  smtp_failure trouble(CURLcode code) const;
};

void smtp_client::impl::set_connection() {
  auto* handle = curl.get();
  curl_easy_setopt(handle, CURLOPT_URL, options.url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  const long tls = options.require_starttls ? CURLUSESSL_ALL : CURLUSESSL_TRY;
  curl_easy_setopt(handle, CURLOPT_USE_SSL, tls);
  if (!options.ca_file.empty())
    curl_easy_setopt(handle, CURLOPT_CAINFO, options.ca_file.c_str());
  if (!options.user.empty()) {
    curl_easy_setopt(handle, CURLOPT_USERNAME, options.user.c_str());
    curl_easy_setopt(handle, CURLOPT_PASSWORD, options.password.c_str());
  }
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, detail.data());
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, keep_refusal);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &refusal);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, ignore_body);
  curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(handle, CURLOPT_READFUNCTION, read_message);
}

CURLcode smtp_client::impl::perform(const std::string& from, curl_slist* recipients,
                                    std::string_view message) {
  auto* handle = curl.get();
  refusal.clear();
  detail.fill('\0');
  curl_easy_setopt(handle, CURLOPT_MAIL_FROM, from.c_str());
  curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, recipients);
  curl_easy_setopt(handle, CURLOPT_READDATA, &message);
  const auto code = curl_easy_perform(handle);
  curl_easy_setopt(handle, CURLOPT_MAIL_RCPT, nullptr);
  return code;
}

// The library's own code says little (a refused recipient is a "send error"): what counts is the
// last thing the server said.
smtp_failure smtp_client::impl::trouble(CURLcode code) const {
  long said = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &said);
  const bool no_retry = said >= first_permanent_code || code == CURLE_UNSUPPORTED_PROTOCOL
                        || code == CURLE_URL_MALFORMAT;
  std::string what = "the mail server " + shown_url(options.url) + " did not take a mail: ";
  what += detail[0] != '\0' ? detail.data() : curl_easy_strerror(code);
  if (!refusal.empty())
    what += " (it said: " + refusal + ")";
  return {no_retry ? smtp_fault::permanent : smtp_fault::transient, std::move(what)};
}

smtp_client::smtp_client(smtp_options options) : impl_{std::make_unique<impl>()} {
  impl_->options = std::move(options);
  impl_->set_connection();
}

smtp_client::~smtp_client() = default;

tl::expected<void, smtp_failure> smtp_client::send(const std::string& from,
                                                   const std::vector<std::string>& recipients,
                                                   std::string_view message) {
  if (!is_address(from))
    return refuse("\"" + from + "\" is not a mail address to send from; correct the sender");
  if (recipients.empty())
    return refuse("the mail from " + from + " has no recipient; give it one");
  curl_list list;
  for (const auto& each : recipients) {
    if (!is_address(each))
      return refuse("\"" + each + "\" is not a mail address; correct the recipient");
    append(list, "<" + each + ">");
  }
  const auto code = impl_->perform("<" + from + ">", list.get(), message);
  if (code != CURLE_OK)
    return tl::unexpected{impl_->trouble(code)};
  return {};
}

} // namespace skein::cluster
