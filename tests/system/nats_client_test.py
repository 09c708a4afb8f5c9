"""Anybody may ask for a migration and follow it, with a NATS client and JSON."""

import base64
import json
import pathlib
import subprocess

import skein_fixture as skein
import skein_workspaces as workspaces

CLIENT = pathlib.Path(__file__).with_name("nats_client.js")


class NatsClient(skein.SystemTest):
    def setUp(self):
        super().setUp()
        examples, self.modules = skein.arguments[:2]
        self.daemon = self.start(workspaces.first(examples, self.folder / "first"))

    def client(self, *what):
        """What it printed, a JSON value a line."""
        run = subprocess.run(["node", CLIENT, self.modules, self.daemon.nats, *what], text=True,
                             capture_output=True, timeout=skein.PATIENCE, check=False)
        self.assertEqual(run.returncode, 0, run.stderr)
        return [json.loads(line) for line in run.stdout.splitlines()]

    def test_request_and_watch(self):
        self.assertEqual(self.client("request", "books"), [{"stream": "SKEIN_ACTIONS"}])
        told = self.client("watch", "books")
        self.check_told(told)
        self.assertEqual(self.client("watch", "books"), told, "the stream keeps them")
        logged = self.daemon.get("/v1/migrations/books@v2/events")["events"]
        self.assertEqual([each["event"] for each in told], logged, "it says what the log says")
        one = self.daemon.wait_for(1)["books@v2"]
        self.assertEqual((one["phase"], one["scan"]), ("completed", "by-hand"))

    def check_told(self, told):
        events = [each["event"] for each in told]
        self.assertEqual([event["type"] for event in events],
                         ["requested", *["attempt_started", "attempt_succeeded"] * 2, "completed"])
        for number, each in enumerate(told, 1):
            event = each["event"]
            self.assertEqual(each["subject"], f"skein.v1.status.books.{event['type']}")
            self.assertTrue(each["id"], "each carries its event's id")
            self.assertEqual((event["migration"], event["version"]), ("books@v2", str(number)))
        self.assertEqual(len({each["id"] for each in told}), len(told))
        self.assertEqual(events[0]["event"]["requested"]["subject"], {
            "kind": "DATASET", "name": "books", "currentVersion": "v1", "targetVersion": "v2"})
        sequences = [int(event["sequence"]) for event in events]
        self.assertEqual(sequences, sorted(set(sequences)))

    def test_request_that_makes_no_sense(self):
        [letter] = self.client("garbage")
        body = json.loads(letter["body"])
        self.assertEqual(body["subject"], "honk.actions.migrate")
        self.assertEqual(base64.b64decode(body["payload"]), b"{ honk")
        self.assertIn("JSON", body["why"])
        self.assertEqual(self.daemon.events(), 0)

    def test_request_twice(self):
        self.client("request", "books")
        self.client("request", "books")
        self.client("watch", "books")
        self.daemon.wait_for(1)
        types = [event["type"] for event in self.daemon.get("/v1/events")["events"]]
        self.assertEqual(types.count("requested"), 1)

    def test_request_for_a_dataset_that_vanished(self):
        self.client("request", "atlantis")
        self.client("request", "books")
        wanted = {"atlantis@v2": "parked", "books@v2": "completed"}
        skein.wait_until(lambda: self.daemon.phases == wanted, f"they are {wanted}")
        self.assertIn("atlantis", self.daemon.migrations()["atlantis@v2"]["why"])


if __name__ == "__main__":
    skein.main()
