"""A decision that is needed is told by mail, over a webhook and on the bus, with what to decide and
how; nobody answers, so that it is told again, and to more people; and an answer ends it.

The webhook's endpoint is tests/agents/webhook_sink.py, which checks signatures by itself."""

import email
import email.policy
import json
import os
import pathlib
import socket
import subprocess
import sys
import threading

import api_workspace
import skein_fixture as skein
import skein_workspaces as workspaces

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OWNER = "group:default/library"
SINK = pathlib.Path(__file__).parent.parent / "agents" / "webhook_sink.py"

AGENTS = """
---
name: email-sender
command: email-sender
channel: email
---
name: chat-sender
command: webhook-sender
channel: chat
env:
  SKEIN_WEBHOOK_URL: "${SYSTEM_TEST_CHAT_URL}"
  SKEIN_WEBHOOK_SECRET: "${SYSTEM_TEST_CHAT_SECRET}"
---
name: nats-sender
command: nats-sender
channel: nats
"""

SETTINGS = """
http: {listen: "127.0.0.1:%(port)s", url: "http://127.0.0.1:%(port)s"}
notifications:
  channels: [email, chat, nats]
  reminders: {after: 2s, every: 2s, at_most: 1, escalate_after: 10s, escalate_to: lead@example.org}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Sink:
    """The webhook's endpoint, and what it was given."""

    def __init__(self):
        self.process = subprocess.Popen([sys.executable, SINK, "200", "--secret", SECRET],
                                        stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        self.given = []
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.given.append(json.loads(line))

    def close(self):
        self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()


class Notifications(skein.SystemTest):
    def setUp(self):
        super().setUp()
        self.sink = Sink()
        os.environ.update(SYSTEM_TEST_CHAT_SECRET=SECRET,
                          SYSTEM_TEST_CHAT_URL=f"http://127.0.0.1:{self.sink.port}/topsecret")
        self.space = self.folder / "space"
        self.gates = api_workspace.make(skein.arguments[0], self.space, ["books"],
                                        SETTINGS % {"port": free_port()})
        workspaces.change(self.gates / "gate.py", (
            'output = {', 'output = {"owner_email": "library@example.org", '))
        with (self.space / "agents/agents.yaml").open("a") as agents:
            agents.write(AGENTS)
        self.daemon = self.start(self.space)

    def tearDown(self):
        super().tearDown()
        self.sink.close()

    def hold(self, dataset):
        api_workspace.say(self.gates, dataset, "hold")
        api_workspace.phase(self.daemon, f"{dataset}@v2", "held")

    def events(self, kind):
        found = self.daemon.get("/v1/migrations/books@v2/events") or {"events": []}
        return [each for each in found["events"] if each["type"] == kind]

    def told_on(self):
        return [each["event"]["ownerTold"]["channel"] for each in self.events("owner_told")]

    def mails(self):
        """Text by recipient, the oldest first."""
        found = []
        for file in sorted((self.space / "outbox").glob("*.eml"), key=lambda x: x.stat().st_mtime):
            mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            found.append((mail["To"], mail.get_body(("plain",)).get_content()))
        return found

    def messages(self):
        return [each["body"]["metadata"]["event_payload"] for each in self.sink.given]

    def test_a_decision_that_is_needed(self):
        self.daemon.scan()
        self.hold("books")
        skein.wait_until(lambda: len(self.told_on()) >= 3, "all channels have told it")
        self.assertEqual(set(self.told_on()[:3]), {"email", "chat", "nats"})
        self.check_first()
        # Nobody answers.
        skein.wait_until(lambda: len(self.events("reminder_due")) == 2, "more people are told")
        skein.wait_until(lambda: len(self.told_on()) >= 9, "all channels have told that as well")
        self.check_escalation()
        run = self.run_program("skein", "-w", self.space, "approve", "books@v2", "-r", "it is fine")
        self.assertEqual(run.returncode, 0, run.stderr)
        api_workspace.phase(self.daemon, "books@v2", "completed")
        self.assertEqual(len(self.events("reminder_due")), 2)
        self.check_secrets()

    def check_first(self):
        to, text = self.mails()[0]
        self.assertEqual(to, "library@example.org")
        for part in ("somebody has to look at it", "skein approve books@v2 --reason",
                     "skein reject books@v2 --reason",
                     f"{self.daemon.http}/v1/migrations/books%40v2/approve"):
            self.assertIn(part, text)
        first = self.sink.given[0]
        self.assertTrue(first["signed"])
        message = self.messages()[0]
        self.assertEqual(message["owner"], OWNER)
        decision = message["notices"][0]["decision"]
        self.assertEqual(decision["question"], "somebody has to look at it")
        self.assertEqual(decision["link"], f"{self.daemon.http}/v1/migrations/books%40v2")

    def check_escalation(self):
        recipients = [to for to, _ in self.mails()]
        self.assertIn("lead@example.org", recipients)
        reminders = [each["notices"][0]["reminder"] for each in self.messages()]
        self.assertEqual(reminders, [0, 1, 2])
        self.assertTrue(self.messages()[2]["notices"][0]["escalated"])

    def check_secrets(self):
        for secret in (b"topsecret", SECRET.encode()):
            for file in self.space.rglob("*"):
                if file.is_file():
                    self.assertNotIn(secret, file.read_bytes(), file)
            self.assertNotIn(secret, json.dumps(self.daemon.get("/v1/events")).encode())

    def ask_for(self, channels):
        """As the owner's entity in the catalog says it."""
        self.daemon.stop()
        workspaces.change(self.space / "catalog/library.yaml", (
            "  name: library\n",
            f"  name: library\n  annotations: {{skein.io/channels: {channels}}}\n"))

    def test_an_owner_with_a_channel_of_its_own(self):
        self.ask_for("chat")
        self.daemon = self.start(self.space)
        self.daemon.scan()
        self.hold("books")
        skein.wait_until(lambda: len(self.told_on()) >= 2, "it is told, and told again")
        self.assertEqual(set(self.told_on()), {"chat"})
        self.assertEqual(self.mails(), [])

    def test_an_owner_with_a_channel_that_is_not_there(self):
        self.ask_for("chta")
        for program in (("skein", "-w", self.space, "check"), ("skeind", "-w", self.space)):
            refused = self.run_program(*program)
            self.assertEqual(refused.returncode, 1, program)
            said = refused.stdout + refused.stderr
            for part in ("library.yaml:5:", OWNER, '"chta"; did you mean "chat"?'):
                self.assertIn(part, said)

    def test_a_channel_is_tried(self):
        def tried(*options):
            return self.run_program("skein", "-w", self.space, "notify", "test", *options)
        good = tried("--channel", "chat", "--owner", "group:default/us")
        self.assertEqual(good.returncode, 0, good.stderr)
        self.assertIn("group:default/us", good.stdout)
        self.assertEqual(self.messages()[0]["notices"][0]["kind"], "test")
        self.assertEqual(tried("--channel", "nats").returncode, 0)
        mail = tried("--channel", "email", "--address", "us@example.org")
        self.assertEqual(mail.returncode, 0, mail.stderr)
        self.assertEqual(self.mails()[0][0], "us@example.org")
        unaddressed = tried("--channel", "email")
        self.assertEqual(unaddressed.returncode, 1)
        self.assertIn("unaddressed", unaddressed.stdout)
        nobody = tried("--channel", "pager", "--patience", "1")
        self.assertEqual(nobody.returncode, 1)
        self.assertIn("channel: pager", nobody.stderr)


if __name__ == "__main__":
    skein.main()
