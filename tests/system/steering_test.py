"""A fleet that is halted, let go and ordered about in bulk, by the console and real processes."""

import csv
import io
import json

import api_workspace as gates
import skein_fixture as skein

NAMES = ("books", "plays", "poems", "songs")
WHY = ("--actor", "ann", "--reason", "a bad day")


class Steering(skein.SystemTest):
    def begin(self, *options, settings=""):
        self.gates = gates.make(skein.arguments[0], self.folder / "space", NAMES, settings)
        self.daemon = self.start(self.folder / "space", *options)

    def said(self, *command, code=0):
        done = self.run_program("skein", "-w", self.folder / "space", *command)
        self.assertEqual(done.returncode, code, f"{command}: {done.stdout} {done.stderr}")
        return done.stdout + done.stderr

    def running(self):
        listed = self.daemon.get("/v1/migrations")["migrations"]
        return [each["id"] for each in listed if each["step_status"] == "running"]

    def types(self, migration):
        told = self.daemon.get(f"/v1/migrations/{migration}/events")["events"]
        return [each["type"] for each in told]

    def test_halt_stops_what_runs_and_go_takes_it_up_again(self):
        self.begin()
        self.daemon.scan()
        for name in NAMES:
            gates.attempt(self.gates, name)
        self.assertIn("is halted", self.said("halt", "--yes", *WHY))
        skein.wait_until(lambda: not self.running(), "all attempts are stopped")
        self.assertIn("attempt_stopped", self.types("books@v2"))
        for name in NAMES:
            (self.gates / f"{name}.attempt").unlink()
            gates.say(self.gates, name, "pass")
        # A restart keeps it halted.
        self.daemon.kill()
        self.daemon = self.start(self.folder / "space")
        self.assertIn("is halted", self.said("steering"))
        self.assertEqual(self.running(), [])
        self.assertIn("more at once until", self.said("go", "--ramp", "3s", *WHY))
        for name in NAMES:
            gates.phase(self.daemon, f"{name}@v2", "completed")
        failed = [each for each in self.types("books@v2") if each == "attempt_failed"]
        self.assertEqual(failed, [])

    def test_nothing_begins_where_it_was_started_paused(self):
        self.begin("--start-paused")
        skein.wait_until(lambda: "is halted" in self.said("steering"), "it says so")
        self.daemon.scan()
        told = json.loads(self.said("events", "--type", "halted", "--json").splitlines()[0])
        self.assertEqual(told["actor"], "skein/start")
        self.assertEqual(self.running(), [], "nothing was admitted")
        for name in NAMES:
            gates.say(self.gates, name, "pass")
        self.said("go", *WHY)
        for name in NAMES:
            gates.phase(self.daemon, f"{name}@v2", "completed")

    def test_a_paused_owner_waits_and_a_bulk_gives_one_order_to_many(self):
        self.begin()
        for name in NAMES:
            gates.say(self.gates, name, "fail")
        self.daemon.scan()
        for name in NAMES:
            gates.phase(self.daemon, f"{name}@v2", "parked")
        counted = self.said("bulk", "start", "retry", "--state", "parked", "--dry-run", *WHY)
        self.assertIn("4 migrations: books@v2", counted)
        self.assertIn("--yes", self.said("bulk", "start", "retry", "--state", "parked", *WHY,
                                         code=2))
        gates.say(self.gates, "books", "pass")
        self.said("bulk", "start", "retry", "--state", "parked", "--at-most", "1", "--yes", *WHY)
        gates.phase(self.daemon, "books@v2", "completed")
        for name in NAMES:
            gates.say(self.gates, name, "pass")
        self.said("bulk", "start", "retry", "--state", "parked", "--yes", *WHY)
        for name in NAMES:
            gates.phase(self.daemon, f"{name}@v2", "completed")
        def last():
            rows = csv.DictReader(io.StringIO(self.said("bulk", "list", "-o", "csv")))
            return [(row["status"], row["obeyed"]) for row in rows][-1]
        skein.wait_until(lambda: last() == ("ended", "3"), "it has ended")
        why = [each["reason"] for each in
               self.daemon.get("/v1/migrations/songs@v2/events?type=retried")["events"]]
        self.assertEqual(why, ["a bad day"])

    def test_what_is_away_is_left_alone_until_one_attempt_gets_through(self):
        self.begin(settings="breakers: {window: 4, open_for: 3s, longest: 3s}\n")
        for name in NAMES:
            gates.say(self.gates, name, "away")
        self.daemon.scan()

        def breaker(status):
            [pool] = self.daemon.get("/v1/pools")["pools"]
            return [each for each in pool["breakers"]
                    if each["agent"] == "dependency-checker" and each["status"] == status]

        metric = 'skein_breaker_state{pool="default",agent="dependency-checker",storage=""} '
        [found] = skein.wait_until(lambda: breaker("open"), "four failures open it")
        self.assertEqual((found["failures"], found["attempts"]), (4, 4))
        self.assertIn("the storage is away", found["why"])
        skein.wait_until(lambda: metric + "2" in self.daemon.get_text("/metrics"), "it is counted")
        skein.wait_until(lambda: "the storage is away" in self.said("pools"), "it is shown")
        for name in NAMES:
            gates.say(self.gates, name, "pass")
        for name in NAMES:
            gates.phase(self.daemon, f"{name}@v2", "completed")
        self.assertTrue(breaker("closed"))
        self.assertIn(metric + "0", self.daemon.get_text("/metrics"))


if __name__ == "__main__":
    skein.main()
