"""The audit trail of a real daemon: kept, killed, copied, cut, proved, checked by a stranger."""

import base64
import json
import pathlib
import re
import shutil
import socket
import unittest
import urllib.parse

import audit_checker
import skein_fixture as skein
import skein_workspaces as workspaces

DATASETS = ("population.us", "stocks", "wheat")


def last_head_on_the_bus(nats):
    """The newest message of the stream, asked for in NATS's own protocol; none if it has none."""
    where = urllib.parse.urlparse(nats)
    request = json.dumps({"last_by_subj": "skein.v1.audit.head"})
    with socket.create_connection((where.hostname, where.port), timeout=30) as link:
        lines = link.makefile("rb")
        link.sendall(b'CONNECT {"verbose":false}\r\nSUB answer 1\r\n'
                     + f"PUB $JS.API.STREAM.MSG.GET.SKEIN_AUDIT answer {len(request)}\r\n"
                       f"{request}\r\n".encode())
        for line in lines:
            if line.startswith(b"MSG "):
                answer = json.loads(lines.read(int(line.split()[-1])))
                found = answer.get("message")
                return base64.b64decode(found["data"]).decode() if found else None
    raise AssertionError("the bus closed the connection")


class Document(unittest.TestCase):
    def test_the_example_in_the_document_holds(self):
        page = (pathlib.Path(__file__).parents[2] / "docs" / "audit.md").read_text()
        note = re.search(r"```\n(skein/log/.*?)```", page, re.S)[1]
        key = re.search(r"`(skein/log/\w+\+\w+\+[\w+/=]+)`", page)[1]
        self.assertEqual(audit_checker.check_head(note, key)["size"], 6)


class Audit(skein.SystemTest):
    def setUp(self):
        super().setUp()
        examples, package = skein.arguments[:2]
        self.space = workspaces.vega_subset(examples, package, self.folder / "space", DATASETS)
        self.state = self.space / ".skein"

    def audit(self, *command, code=0):
        run = self.run_program("skein", "-w", self.space, "audit", *command)
        self.assertEqual(run.returncode, code, f"{command}: {run.stdout}{run.stderr}")
        return run.stdout

    def verify(self, *options, code=0):
        return json.loads(self.audit("verify", "--json", *options, code=code))

    def faults(self, *options):
        return {each["fault"] for each in self.verify(*options, code=1)["problems"]}

    def note_head(self, name):
        file = self.folder / name
        file.write_text(self.audit("head"))
        return file

    def test_audit(self):
        daemon = self.start(self.space)
        daemon.scan()
        daemon.wait_for(len(DATASETS))
        self.check_live(daemon)
        daemon.kill()
        self.wait_for_no_process()
        self.check_killed()
        early = self.note_head("early")
        copy = self.copy_state("copy")
        self.go_on()
        late = self.note_head("late")
        self.check_grown(early, late)
        self.check_cut(copy, early, late)
        self.check_proof()
        self.check_heads_file()

    def check_live(self, daemon):
        """Beside a running daemon, once a head covers what there is."""
        def covered():
            found = self.verify()
            return found["signed_events"] == found["last_sequence"] == daemon.events()
        skein.wait_until(covered, "a head covers the log")
        key = self.audit("key").strip()

        def announced():
            """A head is on the disk before it is on the bus."""
            text = last_head_on_the_bus(daemon.nats)
            head = audit_checker.check_head(text, key) if text else {"size": 0}
            return head["size"] == daemon.events()
        skein.wait_until(announced, "that head is on the bus")

    def check_killed(self):
        found = self.verify()
        self.assertTrue(found["ok"])
        self.assertEqual(found["events"], found["leaves"])
        self.assertIn("The log is what was written.", self.audit("verify"))

    def copy_state(self, name):
        copy = self.folder / name
        for part in ("log", "audit"):
            shutil.copytree(self.state / part, copy / part)
        return copy

    def go_on(self):
        """More events, and a stop in good order, which signs a head of all of them."""
        daemon = self.start(self.space)
        daemon.wait_for(len(DATASETS))
        run = self.run_program("skein", "-w", self.space, "approve", "stocks@v2",
                               "--reason", "ready")
        self.assertEqual(run.returncode, 0, run.stderr)
        skein.wait_until(lambda: daemon.phases.get("stocks@v2") == "completed", "stocks is done")
        daemon.wait_for(len(DATASETS))
        self.assertEqual(daemon.stop()[0], 0)
        self.wait_for_no_process()

    def check_grown(self, early, late):
        found = self.verify("--head", early, "--head", late)
        self.assertTrue(found["ok"])
        self.assertEqual(found["signed_events"], found["last_sequence"])
        sizes = [audit_checker.parse_head(head.read_text())[0]["size"] for head in (early, late)]
        self.assertLess(sizes[0], sizes[1])
        self.assertEqual(sizes[1], found["last_sequence"])

    def check_cut(self, copy, early, late):
        """The copy is the log without its newest events, and with the audit trail of then."""
        self.assertTrue(self.verify("--state", copy, "--head", early)["ok"])
        self.assertEqual(self.faults("--state", copy, "--head", late), {"missing-events"})
        # Today's audit trail beside that log finds it without a noted head.
        shutil.rmtree(copy / "audit")
        shutil.copytree(self.state / "audit", copy / "audit")
        self.assertEqual(self.faults("--state", copy), {"missing-events"})
        # Nor does it help to delete the audit trail.
        shutil.rmtree(copy / "audit")
        key = self.audit("key").strip()
        self.assertEqual(self.faults("--state", copy, "--head", late, "--key", key),
                         {"missing-events", "damaged-tree"})

    def check_proof(self):
        file, key = self.folder / "proof.json", self.audit("key").strip()
        self.audit("prove", "stocks@v2", "-o", file)
        said = json.loads(self.audit("check", "--json", file, "--key", key))
        proof = json.loads(file.read_text())
        sequences, head = audit_checker.check_proof(proof, key)
        self.assertEqual([int(each["sequence"]) for each in said["events"]], sequences)
        self.assertEqual(said["size"], head["size"])
        self.assertEqual(said["events"][-1]["type"], "completed")
        self.assertIn("Not proved", self.audit("check", file))
        self.audit("prove", "atlantis@v2", code=3)
        for spoil in (self.flip_record, self.drop_event, self.move_event, self.other_migration):
            spoilt = spoil(json.loads(file.read_text()))
            (self.folder / "spoilt.json").write_text(json.dumps(spoilt))
            self.audit("check", self.folder / "spoilt.json", code=1)
            with self.assertRaises(audit_checker.Wrong, msg=spoil.__name__):
                audit_checker.check_proof(spoilt)

    @staticmethod
    def flip_record(proof):
        record = bytearray(base64.b64decode(proof["events"][1]["record"]))
        record[-1] ^= 1
        proof["events"][1]["record"] = base64.b64encode(record).decode()
        return proof

    @staticmethod
    def drop_event(proof):
        del proof["events"][1]
        return proof

    @staticmethod
    def move_event(proof):
        proof["events"][1]["sequence"] += 1
        return proof

    @staticmethod
    def other_migration(proof):
        proof["migration"] = "wheat@v2"
        return proof

    def check_heads_file(self):
        heads, key = (self.state / "audit" / "heads").read_text(), self.audit("key").strip()
        notes = audit_checker.notes_in(heads)
        sizes = [audit_checker.check_head(note, key)["size"] for note in notes]
        self.assertEqual(sizes, sorted(set(sizes)))
        self.assertEqual(notes[-1], self.audit("head"))


if __name__ == "__main__":
    skein.main()
