"""Secrets stay where they are: not in the log, not on the bus, not in a mail, not in skeind.log.

The workspace's agents say their secrets in every way they know, while they succeed, while they
ask for another try and while they fail; everything that Skein kept or sent is looked through."""

import email
import email.policy
import json
import os
import pathlib
import socket
import sys
import threading
import urllib.parse

import skein_fixture as skein
import skein_workspaces as workspaces

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "tools"))
import read_export  # noqa: E402

TOKEN = 'tok/7f"3q\\zé-4Kd8'
KEY = "-----BEGIN SECRET KEY-----\nMIIEpAIBAAKCAQEA7fq2\nq9Xv0cHhQmBz\n-----END SECRET KEY-----\n"
MAIL_PASSWORD = "mail-Pw-5521"

TALKER = r'''
import json, os, sys
token, key = os.environ["TOKEN"], os.environ["KEY"]
print("talker was here", token)
print(key)
print("to stderr", token, key, "x" * 1000, token, key, file=sys.stderr)
for text in (token, key):
    for plain in (True, False):
        print(json.dumps({"progress": 0.5, "message": "half " + text}, ensure_ascii=plain))
if sys.argv[1] == "good":
    print(json.dumps({"output": {"said": token, "keys": [key], "title": "Books by " + token,
                                 "owner": "group:default/library",
                                 "owner_email": "library@example.org",
                                 "labels": {"owner": "group:default/library", "token": token}}}))
    sys.exit(0)
sys.exit(75 if os.environ["SKEIN_ATTEMPT"] == "1" else 1)
'''

AGENT = """
---
name: {name}
command: [python3, {script}, {how}]
env:
  TOKEN: "${{SYSTEM_TEST_TOKEN}}"
  KEY: "${{SYSTEM_TEST_KEY}}"
"""


class BusListener:
    """Everything that crosses the bus, as bytes; NATS's protocol is lines of text."""

    def __init__(self, url):
        where = urllib.parse.urlparse(url)
        self.heard = bytearray()
        self.socket = socket.create_connection((where.hostname, where.port))
        self.thread = threading.Thread(target=self.listen, daemon=True)
        options = {"verbose": False, "headers": True, "no_responders": False}
        if where.username:
            options.update({"user": where.username, "pass": where.password or ""})
        self.socket.sendall(b"CONNECT " + json.dumps(options).encode() + b"\r\nSUB > 1\r\nPING\r\n")
        self.thread.start()
        skein.wait_until(lambda: b"PONG" in self.heard, "the bus answers")

    def listen(self):
        while got := self.socket.recv(1 << 16):
            self.heard += got
            if got.endswith(b"PING\r\n"):
                self.socket.sendall(b"PONG\r\n")

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.socket.close()


def spellings(secret):
    """As it stands, line by line, and as JSON writes it."""
    parts = [secret, *(line for line in secret.splitlines() if len(line) >= 6)]
    for part in list(parts):
        parts += [json.dumps(part)[1:-1], json.dumps(part, ensure_ascii=False)[1:-1]]
    return {part.encode() for part in parts}


SECRETS = set().union(*(spellings(each) for each in (TOKEN, KEY, MAIL_PASSWORD)))


class Secrets(skein.SystemTest):
    def setUp(self):
        super().setUp()
        os.environ.update(SYSTEM_TEST_TOKEN=TOKEN, SYSTEM_TEST_KEY=KEY,
                          SYSTEM_TEST_MAIL_PASSWORD=MAIL_PASSWORD)
        self.space = workspaces.first(skein.arguments[0], self.folder / "space")
        script = self.folder / "talker.py"
        script.write_text(TALKER)
        with (self.space / "agents/agents.yaml").open("a") as agents:
            for name, how in (("good-talker", "good"), ("bad-talker", "bad")):
                agents.write(AGENT.format(name=name, script=script, how=how))
            agents.write("---\nname: email-sender\ncommand: email-sender\nchannel: email\n")
        (self.space / "workflows/check-and-migrate.yaml").write_text(
            "workflow:\n  name: check-and-migrate\n  steps:\n"
            "    - {name: good, agent: good-talker}\n"
            "    - {name: bad, agent: bad-talker, depends_on: good,\n"
            "       retry: {transient: {attempts: 3, base: 1ms, cap: 1ms}}}\n")

    def notify(self, settings):
        with (self.space / "skein.yaml").open("a") as config:
            config.write("notifications: {from: skein@example.org, digest_wait: 1s, "
                         f"{settings}}}\n")

    def check(self, what, data):
        for secret in SECRETS:
            if (at := data.find(secret)) >= 0:
                self.fail(f"{what} holds a secret: {data[max(0, at - 100):at + 60]!r}")

    def check_files(self):
        for file in self.space.rglob("*"):
            if file.is_file():
                self.check(str(file), file.read_bytes())

    def check_log(self):
        """What the files hold compressed, as it was written."""
        file = self.folder / "log"
        run = self.run_program("skein", "-w", self.space, "log", "export", file)
        self.assertEqual(run.returncode, 0, run.stderr)
        said, records = read_export.read(file)
        self.assertGreater(said["events"], 6)
        for sequence, _, record in records:
            self.check(f"sequence {sequence}", record)
        self.assertIn(b"to stderr *** ***", b"".join(record for _, _, record in records))

    def run_to_the_end(self, until):
        daemon = self.start(self.space)
        bus = BusListener(daemon.nats)
        daemon.scan()
        skein.wait_until(lambda: daemon.phases.get("books@v2") == "parked", "books is parked")
        skein.wait_until(until, "somebody is told, or cannot be")
        for what in ("/v1/migrations/books@v2", "/v1/events"):
            self.check(what, json.dumps(daemon.get(what), ensure_ascii=False).encode())
        # While it runs, the newest events are in the write-ahead log only.
        self.check_files()
        code, said = daemon.stop()
        bus.close()
        self.assertEqual(code, 0)
        self.check("skeind's stderr", said.encode())
        self.check("the bus", bytes(bus.heard))
        self.assertIn(b"talker was here ***", bus.heard)
        self.assertIn(b"half ***", bus.heard)
        self.check_files()
        self.check_log()

    def test_agents_that_talk(self):
        self.notify("outbox: outbox")
        mails = lambda: list((self.space / "outbox").glob("*.eml"))
        self.run_to_the_end(mails)
        for file in mails():
            mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            text = "".join(part.get_content() for part in mail.walk()
                           if part.get_content_maintype() == "text")
            self.check(str(file), text.encode())
            self.assertIn("***", text)

    def test_a_mail_server_that_is_not_there(self):
        self.notify('smtp: {url: "smtp://127.0.0.1:1", user: skein, '
                    "password_env: SYSTEM_TEST_MAIL_PASSWORD}")
        log = self.space / ".skein/skeind.log"
        self.run_to_the_end(lambda: "digest-failed" in log.read_text(errors="replace"))


if __name__ == "__main__":
    skein.main()
