#include "actors/api/http_api.hpp"

#include "actors/api/preconditions.hpp"
#include "actors/api/work_queue.hpp"

#include <chrono>
#include <exception>
#include <memory>

namespace skein::actors {

namespace {

using cluster::http_request;

constexpr std::size_t threads = 2;
constexpr std::size_t queued_max = 1000;
constexpr std::size_t key_bytes_max = 255;

bool is_key(const std::string& text) {
  return text.size() <= key_bytes_max
         && std::all_of(text.begin(), text.end(), [](char x) { return x > ' ' && x < '\x7f'; });
}

/// Everything that must be the same for a repeated request to be the same one.
std::string essence_of(const http_request& request) {
  std::string result = request.method + "\n" + request.path + "\n" + request.header("If-Match");
  for (const auto& [name, value] : request.query)
    result += "\n" + name + "=" + value;
  return result + "\n\n" + request.body;
}

/// Tells the book how a request ended: by its answer, or by nobody having given one.
class ending_note {
public:
  explicit ending_note(idempotency_book::go_on to) : to_{std::move(to)} {}
  ending_note(const ending_note&) = delete;
  ~ending_note() {
    if (!told_)
      to_.finish(nullptr);
  }
  void tell(const query_response& answer) {
    if (!std::exchange(told_, true))
      to_.finish(&answer);
  }

private:
  idempotency_book::go_on to_;
  bool told_ = false;
};

class http_router {
public:
  explicit http_router(http_parts parts)
      : parts_{std::move(parts)}, routes_{http_routes(parts_)}, gate_{parts_.gate} {}

  void route(const http_request& request, const api_reply& reply) {
    if (auto wrong = check_texts(request))
      return reply(*std::move(wrong));
    auto found = routes_.find(request.method, request.path);
    if (found.allowed.empty())
      return reply(problem(404, "there is nothing at " + request.path));
    const auto* route = found.route;
    if (route == nullptr)
      return reply(wrong_method(request, found.allowed));
    auto who = gate_.admit(request, *route);
    if (!who)
      return reply(who.error());
    auto call
        = std::make_shared<const api_call>(api_call{request, std::move(found.at), *std::move(who)});
    const auto begun = std::chrono::steady_clock::now();
    const auto answer = [call, reply, route, begun, meter = &parts_.answered](query_response made) {
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
      auto last = unless_known(call->request, std::move(made));
      if (*meter)
        (*meter)(*route, *call, last.status, took.count());
      reply(std::move(last));
    };
    // Not a share of this: the queue's last job must not end the queue.
    auto job = [this, route, call, answer] { work(*route, *call, answer); };
    if (route->is_quick)
      return job();
    if (!queue_.add(std::move(job)))
      reply(too_busy());
  }

private:
  static query_response wrong_method(const http_request& request, const std::string& allowed) {
    auto answer
        = problem(405, request.path + " does not take " + request.method + "; it takes " + allowed);
    answer.headers.emplace_back("Allow", allowed);
    return answer;
  }

  static query_response too_busy() {
    auto answer = problem(503, "too many requests wait to be answered; ask again later");
    answer.headers.emplace_back("Retry-After", "1");
    return answer;
  }

  void work(const api_route& route, const api_call& call, const api_reply& answer) {
    try {
      if (call.request.method == "POST")
        return once(route, call, answer);
      route.handle(call, answer);
    } catch (const std::exception& thrown) {
      answer(problem(500, thrown.what()));
    }
  }

  /// Does a request that carries an Idempotency-Key unless it was done before.
  void once(const api_route& route, const api_call& call, const api_reply& answer) {
    const auto key = call.request.header("Idempotency-Key");
    if (!is_key(key))
      return answer(problem(400, "the header Idempotency-Key must be up to 255 visible ASCII "
                                 "characters"));
    if (key.empty() || parts_.answers == nullptr)
      return route.handle(call, answer);
    auto begun = parts_.answers->begin(call.who.name, key, essence_of(call.request));
    if (auto* known = std::get_if<idempotency_book::known>(&begun))
      return answer(std::move(known->answer));
    const auto note
        = std::make_shared<ending_note>(std::get<idempotency_book::go_on>(std::move(begun)));
    route.handle(call, [note, answer](query_response made) {
      note->tell(made);
      answer(std::move(made));
    });
  }

  const http_parts parts_;
  const api_routes routes_;
  gatekeeper gate_;
  work_queue queue_{threads, queued_max}; // last: it ends first, and its jobs use all the rest
};

} // namespace

cluster::http_server::handler http_api(http_parts parts) {
  return [to = std::make_shared<http_router>(std::move(parts))](
             const http_request& request, const api_reply& reply) { to->route(request, reply); };
}

} // namespace skein::actors
