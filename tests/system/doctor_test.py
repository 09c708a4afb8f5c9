"""`skein doctor` on installations that are well, and on broken ones."""

import datetime
import json
import os
import signal
import socket
import subprocess

import skein_fixture as skein
import skein_workspaces as workspaces
from certificates import make_certificate

# What depends on the machine that the test runs on: no time server in a container, a folder for
# temporary files in memory, a low limit, a slow disk.
MACHINE = ("no time server", "is in memory", "skeind may open", "an fsync in", "has only", "free;")


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def listens(port):
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


class DoctorTest(skein.SystemTest):
    def setUp(self):
        super().setUp()
        self.space = workspaces.first(skein.arguments[0], self.folder / "space")

    def findings(self, code=0):
        run = self.run_program("skein", "-w", self.space, "doctor", "--json")
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        said = json.loads(run.stdout)
        self.assertEqual(said["ok"], code == 0)
        return [each for each in said["findings"]
                if not any(word in each["what"] for word in MACHINE)]

    def finds(self, about, words, verdict="problem"):
        """Such a finding is there; all of them, so that a test can ask for more."""
        found = self.findings(code=1 if verdict == "problem" else 0)
        fits = [each for each in found if each["about"] == about and each["verdict"] == verdict
                and words in each["what"]]
        self.assertTrue(fits, f"no {verdict} of {about} with {words!r} in {found}")
        return found

    def settings(self, text):
        with (self.space / "skein.yaml").open("a") as out:
            out.write(text)

    def ran_once(self):
        self.start(self.space).stop()

    def all_are_ok(self):
        found = self.findings()
        self.assertEqual([each for each in found if each["verdict"] != "ok"], [])
        return {each["about"]: each["what"] for each in found}

    def test_a_healthy_one_is_well_before_while_and_after_it_runs(self):
        self.assertIn("not running", self.all_are_ok()["daemon"])
        daemon = self.start(self.space)
        said = self.all_are_ok()
        self.assertIn("is ready", said["daemon"])
        self.assertIn("JetStream", said["nats"])
        self.assertIn("running daemon's environment", said["agents"])
        self.assertIn("the daemon's clock agrees", said["clock"])
        daemon.scan()
        daemon.wait_for(1)
        daemon.stop()
        self.assertIn("events that anybody was told of", self.all_are_ok()["log"])
        page = self.run_program("skein", "-w", self.space, "doctor")
        self.assertEqual(page.returncode, 0)
        self.assertIn("ok       workspace", page.stdout)
        self.assertIn("0 problems", page.stdout.replace("all is well", "0 problems"))

    def test_mistakes_in_the_workspace_keep_nothing_else_from_being_looked_at(self):
        self.ran_once()
        workspaces.change(self.space / "mappings" / "books.yaml", ("to: v2", "to: v9"))
        found = self.finds("workspace", "v9")
        self.assertIn("agents' programs", " ".join(each["what"] for each in found))
        # Not even where to look can be read, and the rest is still looked at.
        (self.space / "skein.yaml").write_text("workspace: [\n")
        found = self.finds("workspace", "skein.yaml:")
        self.assertEqual({each["about"] for each in found
                          if each["what"].startswith("not looked at")},
                         {"agents", "nats", "disk", "http"})
        self.assertIn("ok", [each["verdict"] for each in found if each["about"] == "log"])
        (self.space / "skein.yaml").unlink()
        self.finds("workspace", "here is none")

    def test_agents_are_looked_up_as_they_are_launched(self):
        agents = self.space / "agents" / "agents.yaml"
        workspaces.change(agents, ("command: dependency-checker", "command: no-such-checker"))
        self.finds("agents", "no-such-checker not found on PATH")
        workspaces.change(agents, ("command: no-such-checker", "command: python3 ${NOBODY_SAID}"))
        self.finds("agents", "NOBODY_SAID")
        plain = self.space / "checker"
        plain.write_text("")
        workspaces.change(agents, ("command: python3 ${NOBODY_SAID}", "command: ./checker"))
        self.finds("agents", "is not an executable file")

    def test_a_bus_that_is_not_there_or_has_no_jetstream(self):
        port = free_port()
        self.settings(f"nats: {{url: 'nats://127.0.0.1:{port}'}}\n")
        self.finds("nats", "does not answer")
        program = "/usr/sbin/nats-server" if os.path.exists("/usr/sbin/nats-server") \
            else "nats-server"
        server = subprocess.Popen([program, "-a", "127.0.0.1", "-p", str(port)], cwd=self.folder,
                                  stderr=subprocess.DEVNULL)
        try:
            skein.wait_until(lambda: listens(port), "the server listens")
            self.finds("nats", "has no JetStream")
        finally:
            server.terminate()
            server.wait()

    def test_a_killed_and_a_silent_daemon(self):
        daemon = self.start(self.space)
        daemon.process.send_signal(signal.SIGSTOP)
        try:
            self.finds("daemon", "does not answer")
        finally:
            daemon.process.send_signal(signal.SIGCONT)
        daemon.kill()
        self.finds("daemon", "which is gone", "warning")

    def test_files_that_others_may_read_and_folders_that_are_not_there(self):
        daemon = self.start(self.space)
        daemon.scan()
        daemon.wait_for(1)
        heads = self.space / ".skein" / "audit" / "heads"
        skein.wait_until(lambda: heads.exists() and heads.stat().st_size, "a head is signed")
        daemon.stop()
        key = self.space / ".skein" / "audit" / "key.pem"
        secret = self.space / ".skein" / "api" / "attempt-secret"
        secret.chmod(0o644)
        self.finds("permissions", "chmod go=")
        secret.chmod(0o600)
        (self.space / ".skein").chmod(0o755)
        self.finds("permissions", "the state folder", "warning")
        (self.space / ".skein").chmod(0o700)
        (self.space / "data").rename(self.space / "elsewhere")
        self.finds("disk", "data")
        (self.space / "elsewhere").rename(self.space / "data")
        kept = key.read_bytes()
        key.write_text("nonsense")
        self.finds("audit", "key.pem")
        key.unlink()
        self.finds("audit", "put the old one back")
        key.write_bytes(kept)
        key.chmod(0o600)
        self.assertEqual([each for each in self.findings() if each["verdict"] != "ok"], [])

    def test_an_interface_open_to_all_and_certificates_that_end(self):
        self.settings("http: {listen: '0.0.0.0:0'}\n")
        found = self.finds("http", "there is no token")
        self.assertIn("in the clear", " ".join(each["what"] for each in found))
        for lasts, verdict, words in ((-1, "problem", "expired 1 day ago"),
                                      (5, "warning", "expires in 4 days")):
            make_certificate(self.folder, "server", datetime.timedelta(days=lasts, minutes=-1))
            (self.space / "skein.yaml").write_text(
                "workspace: {name: first, workflow: check-and-migrate}\n"
                f"http: {{tls: {{certificate: {self.folder}/server.pem, "
                f"key: {self.folder}/server.key}}}}\n")
            (self.folder / "server.key").chmod(0o600)
            self.finds("http", words, verdict)

    def test_a_log_that_was_cut_off(self):
        daemon = self.start(self.space)
        daemon.scan()
        daemon.wait_for(1)
        daemon.kill()
        self.wait_for_no_process()
        newest = max((self.space / ".skein" / "log").glob("*.log"), key=lambda x: x.stat().st_size)
        with newest.open("r+b") as wal:
            wal.truncate(newest.stat().st_size // 2)
        self.finds("log", "were acknowledged")


if __name__ == "__main__":
    skein.main()
