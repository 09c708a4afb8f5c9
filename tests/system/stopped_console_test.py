"""The console on a finished state folder, without a daemon."""

import json

import skein_fixture as skein
import skein_workspaces as workspaces

DATASETS = ("population.us", "stocks", "wheat")


class Console(skein.SystemTest):
    def setUp(self):
        super().setUp()
        examples, package = skein.arguments[:2]
        self.space = workspaces.vega_subset(examples, package, self.folder / "space", DATASETS)

    def test_without_a_daemon(self):
        self.check_before_the_first_run()
        daemon = self.start(self.space)
        daemon.scan()
        daemon.wait_for(len(DATASETS))
        self.check_live(daemon)
        self.assertEqual(daemon.stop()[0], 0)
        self.wait_for_no_process()
        self.check_status()
        self.check_list()
        self.check_show_and_replay()
        self.check_events()
        self.check_refusals()
        self.check_check()

    def skein(self, *command, code=0):
        run = self.run_program("skein", "-w", self.space, *command)
        self.assertEqual(run.returncode, code, f"{command}: {run.stdout}{run.stderr}")
        return run

    def json(self, *command, code=0):
        return json.loads(self.skein("--json", *command, code=code).stdout)

    def check_before_the_first_run(self):
        run = self.run_program("skein", "-w", self.space, "status")
        self.assertNotEqual(run.returncode, 0)
        self.assertEqual(len(run.stderr.splitlines()), 1, run.stderr)

    def check_live(self, daemon):
        """A daemon and its log give the same answers."""
        self.live = {command: self.json(*command) for command in (
            ("list",), ("show", "stocks@v2"), ("status",))}
        events = "events", "wheat@v2"
        self.live[events] = self.skein("--json", *events).stdout.splitlines()
        self.assertEqual(self.live["status",]["phases"]["completed"], 2)

    def check_status(self):
        status = self.skein("status")
        self.assertIn("skeind is not running", status.stderr)
        self.assertIn("held", status.stdout)
        self.assertEqual(self.json("status")["phases"], self.live["status",]["phases"])

    def check_list(self):
        listed = self.json("list")
        self.assertEqual(listed, self.live["list",])
        self.assertEqual([each["id"] for each in listed["migrations"]],
                         ["population.us@v2", "stocks@v2", "wheat@v2"])
        held = self.json("list", "--phase", "held")["migrations"]
        self.assertEqual([each["id"] for each in held], ["stocks@v2"])
        self.assertEqual(self.json("list", "--dataset", "pop*")["migrations"],
                         listed["migrations"][:1])
        self.assertIn("no migration fits", self.skein("list", "--phase", "parked").stdout)

    def check_show_and_replay(self):
        self.assertEqual(self.json("show", "stocks@v2"), self.live["show", "stocks@v2"])
        shown = self.skein("show", "stocks@v2").stdout
        for word in ("held", "portfolio-tracker", "skein -w", "approve stocks@v2"):
            self.assertIn(word, shown)
        replayed = self.json("replay", "wheat@v2")
        self.assertTrue(replayed["replayed"]["agrees_with_view"])
        self.assertIn("the view says the same", self.skein("replay", "wheat@v2").stdout)
        self.assertEqual(self.json("replay", "wheat@v2", "--version", "1")["phase"], "running")

    def check_events(self):
        lines = self.skein("--json", "events", "wheat@v2").stdout.splitlines()
        self.assertEqual(lines, self.live["events", "wheat@v2"])
        types = [json.loads(line)["type"] for line in lines]
        self.assertEqual((types[0], types[-1]), ("requested", "completed"))
        self.assertIn("wheat@v2", self.skein("events").stdout)

    def check_refusals(self):
        for command in (("show",), ("events",), ("replay",)):
            run = self.skein(*command, "atlantis@v2", code=3)
            self.assertIn("atlantis@v2", run.stderr)
        self.skein("watch", code=4)
        self.skein("scan", code=4)
        self.skein("approve", "stocks@v2", "--reason", "they are ready", code=4)
        self.skein("no-such-command", code=2)
        self.skein("approve", "stocks@v2", code=2)

    def check_check(self):
        self.assertIn("well", self.skein("check", self.space).stdout)
        self.assertEqual(self.json("check", self.space), {"ok": True, "mistakes": []})
        mapping = next((self.space / "mappings/wheat").iterdir())
        workspaces.change(mapping, ("to: v2", "to: v9"))
        mistakes = self.json("check", self.space, code=1)
        self.assertFalse(mistakes["ok"])
        self.assertIn("v9", " ".join(mistakes["mistakes"]))


if __name__ == "__main__":
    skein.main()
