"""Who is let in: tokens and their roles, what listens where, and TLS."""

import datetime
import json
import os
import shutil
import ssl
import stat
import urllib.error
import urllib.request

import api_workspace as gates
import openapi
import skein_fixture as skein
from certificates import make_certificate

WHO = {"actor": "system test", "reason": "to test"}
ROLES = ("viewer", "operator", "agent", "admin")


class AccessTest(skein.SystemTest):
    def make(self, settings="", names=("books",)):
        self.space = self.folder / "space"
        self.gates = gates.make(skein.arguments[0], self.space, names, settings)

    def console(self, *words, code=0, **options):
        done = self.run_program("skein", "-w", self.space, *words, **options)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def phases(self):
        """As the console on this host is told."""
        return json.loads(self.console("--json", "status").stdout)["phases"]

    def token(self, role):
        return self.console("token", "create", f"a-{role}", "--role", role).stdout.strip()

    def status(self, method, target, token=None, body=None):
        return openapi.Client(self.daemon.http, token).call(method, target, body).status

    def test_roles(self):
        self.make()
        tokens = {role: self.token(role) for role in ROLES}
        self.daemon = self.start(self.space)
        client = openapi.Client(self.daemon.http)
        document = openapi.Document(client.call("GET", "/v1/openapi.json").body)
        for target in ("/healthz", "/readyz", "/v1/openapi.json"):
            self.assertEqual(client.call("GET", target).status, 200)
        for method, path, operation in document.operations():
            if operation.get("security") == []:
                continue
            target = path.replace("{", "x").replace("}", "")
            body = {} if method == "POST" else None
            self.assertEqual(self.status(method, target, None, body), 401, path)
            self.assertEqual(self.status(method, target, "skein_nonsense", body), 401, path)
            for role, token in tokens.items():
                answer = openapi.Client(self.daemon.http, token).call(method, target, body)
                document.check(method, target, answer)
                refused = answer.status == 403 and "the role" in answer.json["detail"]
                self.assertEqual(refused, role not in operation["x-roles"],
                                 f"{role}: {method} {path} {answer.status} {answer.body}")
        self.check_actors(tokens)
        self.check_files(tokens)
        self.check_revoking(tokens)

    def check_actors(self, tokens):
        """Whoever shows a token is in the log with its name, whatever else he says."""
        self.daemon.post = lambda path, body: (lambda answer: (answer.status, answer.json))(
            openapi.Client(self.daemon.http, tokens["operator"]).call("POST", path, body))
        self.assertEqual(self.daemon.post("/v1/scan", {"reason": "to test"})[0], 200)
        gates.attempt(self.gates, "books")
        status, body = self.daemon.post("/v1/migrations/books@v2/cancel", WHO)
        self.assertEqual(status, 200, body)
        events = openapi.Client(self.daemon.http, tokens["viewer"]).call(
            "GET", "/v1/migrations/books@v2/events?type=cancelled").json["events"]
        self.assertEqual(events[0]["actor"], "system test (token a-operator)")

    def check_files(self, tokens):
        """The tokens are nowhere: their hashes are, for their owner alone."""
        state = self.space / ".skein"
        for file in ("tokens.json", "daemon.json", "api/attempt-secret"):
            self.assertEqual(stat.S_IMODE((state / file).stat().st_mode), 0o600, file)
        for file in state.rglob("*"):
            if file.is_file() and file.name != "daemon.json":
                text = file.read_bytes()
                for token in tokens.values():
                    self.assertNotIn(token.encode(), text, file)

    def check_revoking(self, tokens):
        """A daemon at work refuses a revoked token at once; its own console is let in."""
        shown = json.loads(self.console("--json", "token", "list").stdout)["tokens"]
        self.assertEqual([each["role"] for each in shown], list(ROLES))
        self.console("token", "revoke", "a-viewer", "--yes")
        self.console("token", "revoke", shown[3]["id"], "--yes")
        self.assertEqual(self.status("GET", "/v1/status", tokens["viewer"]), 401)
        self.assertEqual(self.status("GET", "/v1/tokens", tokens["admin"]), 401)
        self.assertEqual(self.status("GET", "/v1/status", tokens["operator"]), 200)
        self.console("token", "revoke", "a-viewer", code=3)
        self.console("token", "create", "a-operator", "--role", "viewer", code=1)
        self.console("token", "revoke", "a-operator", "--yes")
        self.console("token", "revoke", "a-agent", "--yes")
        self.assertEqual(self.status("GET", "/v1/status"), 401, "tokens stay asked for")
        self.assertEqual(self.phases()["cancelled"], 1)
        refused = self.console("status", code=1, env={**os.environ, "SKEIN_TOKEN": "skein_x"})
        self.assertIn("token", refused.stderr)

    def test_agents_work_where_tokens_are_asked_for(self):
        self.make()
        self.token("admin")
        gates.say(self.gates, "books", "pass")
        self.daemon = self.start(self.space)
        self.console("scan")
        skein.wait_until(lambda: self.phases()["completed"] == 1, "it is migrated")

    def test_only_loopback_without_tokens(self):
        self.make("http: {listen: \"0.0.0.0:0\"}\n")
        refused = self.run_program("skeind", "-w", self.space)
        self.assertEqual(refused.returncode, 1)
        for word in ("0.0.0.0", "skein token create", "127.0.0.1"):
            self.assertIn(word, refused.stderr)
        admin = self.token("admin")
        self.daemon = self.start(self.space)
        self.daemon.http = self.daemon.http.replace("0.0.0.0", "127.0.0.1")
        self.assertEqual(self.status("GET", "/v1/status"), 401)
        self.assertEqual(self.status("GET", "/v1/status", admin), 200)

    def test_rates(self):
        self.make("http: {requests_per_second: 5}\n")
        self.daemon = self.start(self.space)
        client = openapi.Client(self.daemon.http)
        document = openapi.Document(client.call("GET", "/v1/openapi.json").body)
        answers = [document.check("GET", "/v1/status", client.call("GET", "/v1/status"))
                   for _ in range(100)]
        late = [each for each in answers if each.status == 429]
        self.assertTrue(late, "a hundred at once are too many")
        self.assertEqual(late[0].headers["Retry-After"], "1")
        self.assertEqual(client.call("GET", "/healthz").status, 200)
        skein.wait_until(lambda: self.status("GET", "/v1/status") == 200, "it may ask again")

    def test_tls(self):
        for name in ("server", "friend", "stranger"):
            make_certificate(self.folder, name)
        self.make(f"http: {{tls: {{certificate: {self.folder}/server.pem, "
                  f"key: {self.folder}/server.key, client_ca: {self.folder}/friend.pem}}}}\n")
        broken = self.space / "skein.yaml"
        whole = broken.read_text()
        broken.write_text(whole.replace("server.key", "friend.key"))
        refused = self.run_program("skeind", "-w", self.space)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("friend.key", refused.stderr)
        broken.write_text(whole)
        self.daemon = self.start(self.space)
        self.assertTrue(self.daemon.http.startswith("https://"))

        def get(name):
            context = ssl.create_default_context(cafile=self.folder / "server.pem")
            if name:
                context.load_cert_chain(self.folder / f"{name}.pem", self.folder / f"{name}.key")
            with urllib.request.urlopen(self.daemon.http + "/v1/status", context=context,
                                        timeout=30) as answer:
                return json.load(answer)
        self.assertEqual(get("friend")["migrations"], 0)
        for name in ("stranger", None):
            with self.assertRaises((urllib.error.URLError, ssl.SSLError, ConnectionError)):
                get(name)
        self.console("pools", code=4)
        self.assertIn("own_certificate: and own_key:",
                      (self.space / ".skein" / "skeind.log").read_text())

    def migrate_over_tls(self, more=""):
        self.make(f"http: {{tls: {{certificate: {self.folder}/server.pem, "
                  f"key: {self.folder}/server.key{more}}}}}\n")
        self.token("admin")
        gates.say(self.gates, "books", "pass")
        self.daemon = self.start(self.space)
        self.console("scan")
        skein.wait_until(lambda: self.phases()["completed"] == 1, "it is migrated")

    def test_the_console_and_agents_over_tls(self):
        make_certificate(self.folder, "server")
        self.migrate_over_tls()

    def test_the_console_and_agents_show_a_certificate(self):
        for name in ("server", "own", "stranger"):
            make_certificate(self.folder, name)
        self.migrate_over_tls(f", client_ca: {self.folder}/own.pem, own_certificate: "
                              f"{self.folder}/own.pem, own_key: {self.folder}/own.key")
        self.daemon.stop()
        settings = self.space / "skein.yaml"
        for part, instead, why in (("own.pem, own_key", "stranger.pem, own_key", "own.key"),
                                   ("own.key", "stranger.key", "stranger.pem is not let in by")):
            settings.write_text(settings.read_text().replace(part, instead))
            refused = self.run_program("skeind", "-w", self.space)
            self.assertEqual(refused.returncode, 1)
            self.assertIn(why, refused.stderr)

    def test_a_certificate_that_has_expired_is_replaced_at_work(self):
        for name in ("server", "next"):
            make_certificate(self.folder, name)
        make_certificate(self.folder, "own", datetime.timedelta(hours=-1))
        (self.folder / "both.pem").write_text((self.folder / "own.pem").read_text()
                                              + (self.folder / "next.pem").read_text())
        self.make(f"http: {{tls: {{certificate: {self.folder}/server.pem, "
                  f"key: {self.folder}/server.key, client_ca: {self.folder}/both.pem, "
                  f"own_certificate: {self.folder}/own.pem, own_key: {self.folder}/own.key}}}}\n")
        self.daemon = self.start(self.space)
        log = (self.space / ".skein" / "skeind.log").read_text()
        self.assertIn("own.pem is not let in by", log)
        self.assertIn("has expired; the agents and the console", log)
        self.console("pools", code=4)
        said = self.console("doctor", code=1).stdout
        self.assertIn("own.pem expired 0 days ago; replace it", said)
        for ending in ("pem", "key"):
            shutil.copy(self.folder / f"next.{ending}", self.folder / f"own.{ending}")
        self.console("pools")


if __name__ == "__main__":
    skein.main()
