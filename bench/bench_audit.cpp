#include "bench/fleet.hpp"
#include "bench/row.hpp"
#include "bench/support.hpp"

#include "actors/head_book.hpp"

#include <atomic>
#include <thread>

// bench_audit [rounds]: how many events a second the log commits while a notary beside it keeps the
// hash tree and signs heads, against a log without one. The two take turns. The notary looks at the
// log ten times a second and not each five seconds, and a round ends when it has signed all of it.

namespace {

using namespace skein;
using namespace skein::bench;

constexpr size_t live = 10'000;
constexpr size_t waiting = 128;
constexpr size_t batches_a_round = 1000;
constexpr auto between_looks = std::chrono::milliseconds{100};

void commit(store::event_log& log, const std::vector<std::vector<store::append>>& batches) {
  for (const auto& batch : batches)
    for (const auto& answer : log.commit(batch))
      if (!answer)
        give_up(answer.error().what);
}

/// A log of its own, with a notary if it is to have one.
class side {
public:
  side(const std::filesystem::path& folder, bool audited)
      : log_{value_of(store::open_log(folder / "log"))} {
    if (audited)
      book_ = value_of(
          actors::head_book::open({log_, folder / "audit" / "tree", folder / "audit" / "key.pem",
                                   folder / "audit" / "heads"}));
  }

  double events_a_second() {
    std::vector<std::vector<store::append>> batches;
    size_t events = 0;
    for (size_t i = 0; i < batches_a_round; ++i)
      events += events_in(batches.emplace_back(from_.batch(waiting)));
    return static_cast<double>(events) / seconds([&] { commit_beside_notary(batches); });
  }

private:
  void commit_beside_notary(const std::vector<std::vector<store::append>>& batches) {
    std::atomic<bool> done = false;
    std::thread notary{[&] {
      while (book_ && !done) {
        take_in();
        std::this_thread::sleep_for(between_looks);
      }
    }};
    commit(*log_, batches);
    done = true;
    notary.join();
    if (book_)
      take_in();
  }

  void take_in() {
    while (value_of(book_->take_in(16'384)))
      ;
    value_of(book_->sign({}));
  }

  std::shared_ptr<store::event_log> log_;
  std::unique_ptr<actors::head_book> book_;
  fleet from_{live, 0};
};

} // namespace

int main(int count, char** arguments) {
  const auto rounds = argument(count, arguments, 1, 9);
  work_folder folder;
  side audited{folder.path() / "audited", true};
  side plain{folder.path() / "plain", false};
  std::vector<double> with, without;
  for (uint64_t i = 0; i < rounds; ++i) {
    with.push_back(audited.events_a_second());
    without.push_back(plain.events_a_second());
  }
  print({"journal append, 128 waiting, with hash tree and signed heads", median(with), "events/s",
         "the same without them", median(without), at_least(0.9)});
}
