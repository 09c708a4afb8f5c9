#include "cluster/curl_support.hpp"

#include <mutex>

namespace skein::cluster {

curl_handle make_curl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  curl_handle out{curl_easy_init()};
  // Without this, a name lookup that times out would raise SIGALRM in a program with threads.
  curl_easy_setopt(out.get(), CURLOPT_NOSIGNAL, 1L);
  return out;
}

void use(const tls_files& files, CURL* curl) {
  if (!files.ca.empty())
    curl_easy_setopt(curl, CURLOPT_CAINFO, files.ca.c_str());
  if (!files.certificate.empty())
    curl_easy_setopt(curl, CURLOPT_SSLCERT, files.certificate.c_str());
  if (!files.key.empty())
    curl_easy_setopt(curl, CURLOPT_SSLKEY, files.key.c_str());
}

void append(curl_list& list, const std::string& line) {
  if (auto* longer = curl_slist_append(list.get(), line.c_str())) {
    (void)list.release();
    list.reset(longer);
  }
}

std::string shown_url(const std::string& url) {
  const auto scheme = url.find("//");
  const auto begin = scheme == url.npos ? 0 : scheme + 2;
  const auto end = url.find_first_of("/?#", begin);
  const auto at = url.substr(0, end).rfind('@');
  return at == url.npos || at < begin ? url : url.substr(0, begin) + "***" + url.substr(at);
}

} // namespace skein::cluster
