#include "tests/actors/worker_fixture.hpp"

#include <catch2/catch.hpp>

using namespace skein;
using namespace skein::actors;
using namespace std::chrono_literals;
using test::work_for;
using test::worker_fixture;

TEST_CASE_METHOD(worker_fixture, "a worker asks for work once its old leases have been ended") {
  REQUIRE(heartbeat.all.size() == 1);
  CHECK(heartbeat.all[0].what.worker == "host/local");
  CHECK(heartbeat.all[0].what.leases.empty());
  CHECK(lease.all.empty());
  answer_heartbeat(fail("nobody there"));
  CHECK(lease.all.empty());
  pass(100ms);
  answer_heartbeat();
  REQUIRE(lease.all.size() == 1);
  CHECK(lease.all[0].what == bus::lease_request{"host/local", 2, 10s});
}

TEST_CASE_METHOD(worker_fixture, "a worker asks only for what it has room for") {
  begin({work_for("a")});
  CHECK(runs->all.size() == 1);
  REQUIRE(lease.open() == 1);
  CHECK(lease.all.back().what.capacity == 1);
  give({work_for("b")});
  CHECK(lease.open() == 0);
  end(0, migration::success{});
  REQUIRE(lease.open() == 1);
  CHECK(lease.all.back().what.capacity == 1);
}

TEST_CASE_METHOD(worker_fixture, "no work is no reason to ask in a loop") {
  begin({});
  CHECK(lease.open() == 0);
  pass(200ms);
  CHECK(lease.open() == 1);
  pass(10s);
  CHECK(lease.open() == 1);
}

TEST_CASE_METHOD(worker_fixture, "an unreachable coordinator is asked ever more slowly") {
  answer_heartbeat();
  for (int i = 0; i < 6; ++i) {
    lease.answer(fail("nobody there"));
    settle();
    pass_in_touch(2s);
    REQUIRE(lease.open() == 1);
  }
  lease.answer(fail("nobody there"));
  settle();
  pass(1900ms);
  CHECK(lease.open() == 0);
}

TEST_CASE_METHOD(worker_fixture, "a result is reported, again and again, until the verdict") {
  begin({work_for("a", 5)});
  end(0, migration::success{R"({"rows":1})", {}, {}});
  REQUIRE(report.all.size() == 1);
  const auto& item = report.all[0].what.items.at(0);
  CHECK(report.all[0].what.worker == "host/local");
  CHECK(item.migration == "a@v2");
  CHECK(item.result.step == "discover");
  CHECK(item.result.attempt == 1);
  CHECK(item.result.epoch == 5);
  CHECK(std::get<migration::success>(item.result.outcome).output == R"({"rows":1})");
  report.answer(fail("time-out"));
  settle();
  pass(100ms);
  REQUIRE(report.open() == 1);
  answer_report({{false, true, "not now"}});
  pass(200ms);
  REQUIRE(report.open() == 1);
  answer_report({{true, false, ""}});
  pass(10s);
  CHECK(report.open() == 0);
}

TEST_CASE_METHOD(worker_fixture, "heartbeats name all leases, also those waiting for a verdict") {
  begin({work_for("a"), work_for("b")});
  runs->all[0]->out.progress(0.5, "half");
  end(1, migration::success{});
  pass(5s);
  REQUIRE(heartbeat.open() == 1);
  const auto& leases = heartbeat.all.back().what.leases;
  REQUIRE(leases.size() == 2);
  CHECK(leases[0].migration == "a@v2");
  CHECK(leases[0].progress == 0.5);
  CHECK(leases[0].message == "half");
  CHECK(leases[1].migration == "b@v2");
  answer_report({{true, false, ""}});
  pass(5s);
  CHECK(heartbeat.all.back().what.leases.size() == 1);
}

TEST_CASE_METHOD(worker_fixture, "what an agent says is passed on with its attempt") {
  begin({work_for("a")});
  runs->all[0]->out.line("stderr", "careful\x1B");
  runs->all[0]->out.progress(0.25, "reading");
  REQUIRE(said.size() == 2);
  CHECK(said[0].migration == "a@v2");
  CHECK(said[0].agent == "dataset-scanner");
  CHECK(said[0].worker == "host/local");
  CHECK(said[0].stream == "stderr");
  CHECK(said[0].text == "careful");
  CHECK(said[1].stream == "progress");
  CHECK(said[1].progress == 0.25);
}

TEST_CASE_METHOD(worker_fixture, "a revoked attempt is killed and not reported") {
  begin({work_for("a"), work_for("b")});
  pass(5s);
  answer_heartbeat(bus::heartbeat_reply{{1, 99}});
  CHECK_FALSE(runs->all[0]->is_told_to_stop);
  CHECK(runs->all[1]->is_told_to_stop);
  end(1, migration::setback{error_class::lost, "stopped"});
  CHECK(report.all.empty());
  CHECK(runs->all[1]->is_gone);
}

TEST_CASE_METHOD(worker_fixture, "a revocation also ends the wait for a verdict") {
  begin({work_for("a")});
  end(0, migration::success{});
  report.answer(fail("time-out"));
  pass(5s);
  while (report.open() > 0)
    report.answer(fail("time-out"));
  settle();
  answer_heartbeat(bus::heartbeat_reply{{0}});
  pass(20s);
  CHECK(report.open() == 0);
}

TEST_CASE_METHOD(worker_fixture, "attempts outlive an outage shorter than their lease") {
  begin({work_for("a")});
  pass_in_touch(5s);
  for (int i = 0; i < 13; ++i) {
    while (heartbeat.open() > 0)
      answer_heartbeat(fail("disconnected"));
    pass(1s);
  }
  CHECK_FALSE(runs->all[0]->is_told_to_stop);
  while (heartbeat.open() > 0)
    answer_heartbeat();
  pass_in_touch(30s);
  CHECK_FALSE(runs->all[0]->is_told_to_stop);
}

TEST_CASE_METHOD(worker_fixture, "attempts are killed when their lease is over, then told lost") {
  begin({work_for("a")});
  pass(14'900ms);
  CHECK_FALSE(runs->all[0]->is_told_to_stop);
  pass(100ms);
  CHECK(runs->all[0]->is_told_to_stop);
  CHECK(report.all.empty());
  end(0, migration::setback{error_class::lost, "stopped"});
  REQUIRE(report.all.size() == 1);
  const auto& bad = std::get<migration::setback>(report.all[0].what.items.at(0).result.outcome);
  CHECK(bad.kind == error_class::lost);
  CHECK_THAT(bad.why, Catch::Contains("cut off"));
}

TEST_CASE_METHOD(worker_fixture, "a lease counts from when its heartbeat was sent, not answered") {
  begin({work_for("a")});
  pass(5s); // sent here ...
  pass(4s); // ... answered here, so the lease ends 15 s after the former
  heartbeat.answer(bus::heartbeat_reply{});
  settle();
  pass(10'900ms);
  CHECK_FALSE(runs->all[0]->is_told_to_stop);
  pass(100ms);
  CHECK(runs->all[0]->is_told_to_stop);
}

TEST_CASE_METHOD(worker_fixture, "an attempt that cannot be started is reported as such") {
  auto bad = work_for("a");
  bad.command = {"x", "${NO_SUCH}"};
  runs->refusal = migration::setback{error_class::transient, "too many open files"};
  begin({bad, work_for("b")});
  REQUIRE(report.all.size() == 1);
  const auto& items = report.all[0].what.items;
  REQUIRE(items.size() == 2);
  CHECK(std::get<migration::setback>(items[0].result.outcome).kind == error_class::permanent);
  CHECK_THAT(std::get<migration::setback>(items[0].result.outcome).why,
             Catch::Contains("${NO_SUCH}"));
  CHECK(std::get<migration::setback>(items[1].result.outcome).kind == error_class::transient);
}

TEST_CASE_METHOD(worker_fixture, "a lease that comes twice is run once") {
  begin({work_for("a"), work_for("a")});
  CHECK(runs->all.size() == 1);
}

TEST_CASE_METHOD(worker_fixture, "a stopping worker ends its attempts, tells that, and is gone") {
  begin({work_for("a")});
  caf::anon_send(hdl, atom::stop_v);
  settle();
  CHECK(runs->all[0]->is_told_to_stop);
  end(0, migration::setback{error_class::lost, "stopped"});
  REQUIRE(report.open() == 1);
  const auto& bad = std::get<migration::setback>(report.all[0].what.items.at(0).result.outcome);
  CHECK(bad.kind == error_class::lost);
  CHECK(bad.why == "the worker is shutting down");
  give({work_for("late", 2)});
  CHECK(runs->all.size() == 1);
  CHECK(is_alive());
  answer_report({{true, false, ""}});
  REQUIRE(report.open() == 1);
  CHECK(report.all.back().what.items.at(0).migration == "late@v2");
  answer_report({{true, false, ""}});
  CHECK_FALSE(is_alive());
}

TEST_CASE_METHOD(worker_fixture, "a stopping worker does not wait for a coordinator that is away") {
  begin({work_for("a")});
  caf::anon_send(hdl, atom::stop_v);
  settle();
  end(0, migration::setback{error_class::lost, "stopped"});
  report.answer(fail("disconnected"));
  settle();
  CHECK_FALSE(is_alive());
}

TEST_CASE_METHOD(worker_fixture, "a stopping worker waits for no attempt for ever") {
  begin({work_for("a")});
  caf::anon_send(hdl, atom::stop_v);
  settle();
  pass(7900ms);
  CHECK(is_alive());
  pass(100ms);
  CHECK_FALSE(is_alive());
  CHECK(runs->all[0]->is_gone);
}
