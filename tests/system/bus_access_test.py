"""Who may do what on the bus: users and their roles, the embedded server and one of somebody
else's, roles in processes of their own, TLS."""

import json
import os
import pathlib
import socket
import stat
import subprocess

import skein_fixture as skein
import skein_workspaces as workspaces

CLIENT = pathlib.Path(__file__).with_name("nats_client.js")
ROLES = ("coordinator", "scanner", "fleet", "notifier", "agent", "console")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class BusAccess(skein.SystemTest):
    def setUp(self):
        super().setUp()
        examples, self.modules = skein.arguments[:2]
        self.space = workspaces.first(examples, self.folder / "first")
        self.others = []

    def tearDown(self):
        for each in self.others:
            each.terminate()
            each.wait()
        super().tearDown()

    def settings(self, text):
        with (self.space / "skein.yaml").open("a") as file:
            file.write(text)

    def skein(self, *command, code=0):
        run = self.run_program("skein", "-w", self.space, *command)
        self.assertEqual(run.returncode, code, f"{command}: {run.stdout}{run.stderr}")
        return run

    def client(self, who, *what):
        """Whether a program of somebody else's could do that, as that user with that password."""
        user, password = who or ("", "")
        run = subprocess.run(
            ["node", CLIENT, self.modules, self.daemon.nats, *what], text=True, capture_output=True,
            env={**os.environ, "NATS_USER": user, "NATS_PASSWORD": password},
            timeout=skein.PATIENCE, check=False)
        return run.returncode == 0

    def add(self, name, role):
        return name, self.skein("bus", "user", "add", name, "--role", role).stdout.strip()

    def users(self):
        listed = json.loads(self.skein("--json", "bus", "user", "list").stdout)["users"]
        return {each["name"]: each["role"] for each in listed}

    def test_a_bus_is_open_until_somebody_is_let_in_by_name(self):
        self.daemon = self.start(self.space)
        self.assertTrue(self.client(None, "request", "books"))
        self.assertTrue(self.client(None, "watch", "books"))
        ann = self.add("ann", "viewer")
        skein.wait_until(lambda: not self.client(None, "watch", "books"), "strangers are put out")
        skein.wait_until(lambda: self.client(ann, "watch", "books"), "ann is let in")
        self.assertFalse(self.client(("ann", "guess"), "watch", "books"))
        self.assertFalse(self.client(ann, "request", "books"), "a viewer asks for nothing")
        bob = self.add("bob", "requester")
        skein.wait_until(lambda: self.client(bob, "request", "books"), "bob is let in")
        self.assertEqual(self.users(), {**{role: role for role in ROLES},
                                        "ann": "viewer", "bob": "requester"})
        self.check_refusals()
        self.skein("bus", "user", "remove", "bob", "--yes")
        skein.wait_until(lambda: not self.client(bob, "request", "books"), "bob is put out")
        self.check_files((ann, bob))

    def check_refusals(self):
        self.assertIn("already", self.skein("bus", "user", "add", "ann", "--role", "viewer",
                                            code=1).stderr)
        self.skein("bus", "user", "add", "eve", "--role", "king", code=2)
        self.skein("bus", "user", "remove", "eve", "--yes", code=3)

    def check_files(self, people):
        """Passwords of people are nowhere, those of roles only where their owner can read."""
        state = self.space / ".skein"
        own = json.loads((state / "bus_users.json").read_text())["users"]
        secret = {each["password"].encode() for each in own if "password" in each}
        self.assertEqual(len(secret), len(ROLES))
        for file in (each for each in state.rglob("*") if each.is_file()):
            content = file.read_bytes()
            for _, password in people:
                self.assertNotIn(password.encode(), content, file)
            if any(each in content for each in secret):
                self.assertIn(file.name, ("bus_users.json", "nats.conf", "daemon.json"))
                self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600, file)

    def test_a_token_closes_the_bus_as_well(self):
        self.daemon = self.start(self.space)
        self.assertTrue(self.client(None, "request", "books"))
        self.skein("token", "create", "ann", "--role", "viewer")
        skein.wait_until(lambda: not self.client(None, "watch", "books"), "strangers are put out")
        # What belongs to Skein goes on: the scan crosses every role, and the console watches.
        self.skein("scan", "--wait")

        def completed():
            return json.loads(self.skein("--json", "status").stdout)["phases"]["completed"]

        # The scan waits for what it asked for itself: the stranger's migration is not of it.
        skein.wait_until(lambda: completed() == 1, "what was asked for before is completed")

    def role(self, *options):
        """A process of its own, which finds the coordinator by the state folder."""
        self.others.append(
            subprocess.Popen([skein.program("skeind"), "-w", self.space, *options]))

    def roles_apart(self):
        """The four roles in three processes."""
        self.daemon = self.start(self.space, "--role", "coordinator", "--role", "notifier")
        self.role("--role", "fleet", "--worker", "one")
        self.role("--role", "scanner")

        def scanned():
            return self.run_program("skein", "-w", self.space, "scan").returncode == 0
        skein.wait_until(scanned, "the scanner answers")
        self.daemon.wait_for(1)

    def test_roles_apart_on_a_closed_bus(self):
        self.add("ann", "viewer")
        self.roles_apart()
        self.assertFalse(self.client(None, "watch", "books"))

    def test_a_server_of_somebody_else(self):
        """It knows what `skein bus config` prints; each role shows itself by its own password."""
        block = self.skein("bus", "config").stdout
        port = free_port()
        config = self.folder / "nats.conf"
        config.write_text(f"listen: \"127.0.0.1:{port}\"\n{block}"
                          f"jetstream {{store_dir: \"{self.folder / 'js'}\"}}\n")
        passwords = {f"SKEIN_{name.upper()}_PASSWORD": f"of-{name}"
                     for name in (*ROLES, "viewer", "requester")}
        self.others.append(subprocess.Popen(["/usr/sbin/nats-server", "-c", config],
                                            stderr=subprocess.DEVNULL,
                                            env={**os.environ, **passwords}))
        self.settings(f"nats:\n  url: nats://127.0.0.1:{port}\n  user: coordinator\n"
                      "  password_env: BUS_PASSWORD\n"
                      "  agents: {user: agent, password_env: AGENTS_PASSWORD}\n")
        refused = self.run_program("skeind", "-w", self.space)
        self.assertIn("BUS_PASSWORD", refused.stderr)
        self.assertEqual(refused.returncode, 1)
        os.environ.update(BUS_PASSWORD="of-coordinator", AGENTS_PASSWORD="of-agent")
        self.addCleanup(lambda: [os.environ.pop(each) for each in
                                 ("BUS_PASSWORD", "AGENTS_PASSWORD")])

        def up():
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0
        skein.wait_until(up, "the server is there")
        self.daemon = self.start(self.space)
        self.skein("scan", "--wait")
        self.daemon.wait_for(1)
        self.assertTrue(self.client(("viewer", "of-viewer"), "watch", "books"))
        self.assertFalse(self.client(("viewer", "of-viewer"), "request", "books"))
        self.assertIn("own configuration", self.skein("bus", "user", "list", code=1).stderr)

    def test_tls(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-keyout", self.space / "bus.key",
                        "-out", self.space / "bus.pem", "-days", "1", "-subj", "/CN=bus",
                        "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
        self.settings("nats:\n  listen: 127.0.0.1:0\n"
                      "  tls: {certificate: bus.pem, key: bus.key}\n")
        self.roles_apart()
        self.assertTrue(self.daemon.nats.startswith("tls://"), self.daemon.nats)
        self.assertFalse(self.client(None, "watch", "books"), "it does not trust the certificate")


if __name__ == "__main__":
    skein.main()
