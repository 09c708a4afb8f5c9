"""The built-in agents and the embedded bus, killed: the end is that of a run which nobody
disturbed. (Many kills, with outsiders who note what they are told: tests/crash.)"""

import contextlib
import json
import random
import subprocess

import history
import skein_fixture as skein
import skein_workspaces as workspaces

EVENTS_OF_A_RUN = 60  # fewer than the subset makes, so that each kill is in the middle


class Crash(skein.SystemTest):
    def make(self, name):
        examples, package = skein.arguments[:2]
        return workspaces.vega_subset(examples, package, self.folder / name)

    def result(self, daemon, space):
        """All that must not depend on who was killed."""
        phases = daemon.phases
        outputs = {}
        for name in phases:
            steps = daemon.get(f"/v1/migrations/{name}")["steps"]
            moved = next(step for step in steps if step["name"] == "execute-migration")["output"]
            outputs[name] = moved and {key: moved[key] for key in ("rows", "checksums", "location")}
        versions = {name: daemon.get(f"/metadata/datasets/{name}")["current_version"]
                    for name in workspaces.SUBSET}
        return {
            "phases": phases,
            "outputs": outputs,
            "versions": versions,
            "old data": workspaces.checksums(space / "data", "*/v1/*"),
            "new data": {file: sum for file, sum
                         in workspaces.checksums(space / "data", "*/v2/*").items()
                         if not file.endswith("_skein.json")},
            "staging": workspaces.checksums(space / "data", ".staging/**/*"),
        }

    def undisturbed(self):
        space = self.make("undisturbed")
        daemon = self.start(space)
        daemon.scan()
        daemon.wait_for(len(workspaces.SUBSET))
        wanted = self.result(daemon, space)
        self.assertEqual(wanted["phases"], {f"{name}@v2": "held" if name in workspaces.SUBSET_HELD
                                            else "completed" for name in workspaces.SUBSET})
        self.assertEqual(daemon.stop()[0], 0)
        return wanted

    def test_killed_daemon(self):
        wanted = self.undisturbed()
        space = self.make("killed")
        dice = random.Random(20261122)
        daemon = self.start(space)
        daemon.scan()
        for enough in sorted(dice.sample(range(1, EVENTS_OF_A_RUN), 4)):
            skein.wait_until(lambda: daemon.events() >= enough, f"there are {enough} events")
            daemon.kill()
            # The agents and the bus die with their daemon.
            skein.wait_until(lambda: not self.running_in(space), "its children are gone", 30)
            daemon = self.start(space)
            if enough < 10:
                daemon.scan()
        daemon.wait_for(len(workspaces.SUBSET))
        failures = daemon.get("/v1/events?limit=1000&type=attempt_failed")["events"]
        self.assertTrue(failures, "no kill met an attempt at work")
        self.check_ending(daemon, space, wanted)

    def test_killed_bus(self):
        wanted = self.undisturbed()
        space = self.make("bus-killed")
        dice = random.Random(42)
        daemon = self.start(space)
        daemon.scan()
        for enough in sorted(dice.sample(range(8, EVENTS_OF_A_RUN), 3)):
            skein.wait_until(lambda: daemon.events() >= enough, f"there are {enough} events")
            skein.kill_9(self.bus_of(space))
        self.check_ending(daemon, space, wanted)

    def running_in(self, space):
        return skein.processes_of(space)

    def bus_of(self, space):
        def found():
            return [pid for pid, line in self.running_in(space).items() if "nats-server" in line]
        return skein.wait_until(found, "the bus runs", 30)[0]

    def check_ending(self, daemon, space, wanted):
        daemon.wait_for(len(workspaces.SUBSET))
        self.assertEqual(self.result(daemon, space), wanted)
        for name in workspaces.SUBSET:
            history.check(self, daemon.get(f"/v1/migrations/{name}@v2/events")["events"])
        self.check_status_stream(daemon, space)
        self.assertEqual(daemon.stop()[0], 0)
        self.wait_for_no_process()

    def check_status_stream(self, daemon, space):
        """The bus has each event of the log once, and in the log's order."""
        logged = [int(event["sequence"]) for event in daemon.get("/v1/events?limit=1000")["events"]]
        self.assertLess(len(logged), 1000)
        seen = []
        watch = subprocess.Popen([skein.program("skein"), "-w", space, "--json", "watch",
                                  "--from-start"], stdout=subprocess.PIPE, text=True)
        with contextlib.ExitStack() as cleanup:
            cleanup.callback(watch.wait)
            cleanup.callback(watch.terminate)
            while len(seen) < len(logged):
                seen.append(int(json.loads(watch.stdout.readline())["sequence"]))
        watch.stdout.close()
        self.assertEqual(seen, logged)


if __name__ == "__main__":
    skein.main()
