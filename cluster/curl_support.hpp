#pragma once

#include "cluster/http_client.hpp"

#include <curl/curl.h>
#include <memory>
#include <string>

namespace skein::cluster {

/// What every use of libcurl needs (internal to cluster/).

struct curl_deleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

using curl_handle = std::unique_ptr<CURL, curl_deleter>;
using curl_list = std::unique_ptr<curl_slist, curl_deleter>;

/// A new handle, safe to use on this thread; the library is initialised once.
curl_handle make_curl();

void append(curl_list& list, const std::string& line);

/// Has a connection use the files.
void use(const tls_files&, CURL*);

/// The URL without user and password, for sentences.
std::string shown_url(const std::string& url);

} // namespace skein::cluster
