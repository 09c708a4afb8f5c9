"""How the console treats who uses it: it asks before what is dangerous, says what an order would
do, shows tables for people and programs, watches, knows clusters by name, completes and has a
manual."""

import csv
import io
import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import time

import api_workspace as gates
import skein_fixture as skein
from certificates import make_certificate

NAMES = ("books", "songs")
WHY = ("--actor", "ann", "--reason", "to see")


class Typist:
    """A program whose input and output are a terminal."""

    def __init__(self, *command, env=None):
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=env,
                                        start_new_session=True)
        os.close(slave)
        self.seen = ""

    def read(self, patience):
        if select.select([self.master], [], [], patience)[0]:
            try:
                self.seen += os.read(self.master, 65536).decode(errors="replace")
            except OSError:  # the program has closed it
                return False
        return True

    def wait_for(self, text):
        def there():
            self.read(0.05)
            return text in self.seen
        skein.wait_until(there, lambda: f"{text!r} is shown; seen {self.seen!r}")

    def type(self, text):
        os.write(self.master, text.encode())

    def end(self):
        code = self.process.wait(timeout=skein.PATIENCE)
        while self.read(0) and select.select([self.master], [], [], 0)[0]:
            pass
        os.close(self.master)
        return code


class MannersTest(skein.SystemTest):
    def setUp(self):
        super().setUp()
        self.space = self.folder / "space"
        self.config = self.folder / "config"
        self.env = {**os.environ, "XDG_CONFIG_HOME": str(self.config), "TERM": "xterm"}
        self.env.pop("SKEIN_TOKEN", None)

    def begin(self, settings=""):
        self.gates = gates.make(skein.arguments[0], self.space, NAMES, settings)
        for name in NAMES:
            gates.say(self.gates, name, "fail")
        self.daemon = self.start(self.space)
        if not settings:
            self.daemon.scan()
            for name in NAMES:
                gates.phase(self.daemon, f"{name}@v2", "parked")

    def skein(self, *words, code=0, folder=True, **options):
        place = ("-w", self.space) if folder else ()
        run = self.run_program("skein", *place, *words, env=self.env, **options)
        self.assertEqual(run.returncode, code, f"{words}: {run.stdout}{run.stderr}")
        return run

    def rows(self, *words, **options):
        text = self.skein(*words, "--output", "csv", **options).stdout
        return list(csv.DictReader(io.StringIO(text)))

    def typist(self, *words):
        return Typist(skein.program("skein"), "-w", str(self.space), *words, env=self.env)

    def phase(self, name):
        return self.daemon.migrations()[f"{name}@v2"]["phase"]

    def test_what_is_dangerous_is_asked_about_and_what_is_not_is_done(self):
        self.begin()
        refused = self.skein("cancel", "books@v2", *WHY, code=2, stdin=subprocess.DEVNULL)
        self.assertIn("--yes", refused.stderr)
        self.assertEqual(self.phase("books"), "parked")
        for answer, code, phase in (("n\n", 1, "parked"), ("y\n", 0, "cancelled")):
            asked = self.typist("cancel", "books@v2", *WHY)
            asked.wait_for("books@v2 is parked, and would be cancelled")
            asked.wait_for("go on? [y/N]")
            asked.type(answer)
            self.assertEqual(asked.end(), code, asked.seen)
            self.assertEqual(self.phase("books"), phase)
        # What would be refused is refused before anybody is asked.
        asked = self.typist("cancel", "books@v2", *WHY)
        self.assertEqual(asked.end(), 1)
        self.assertNotIn("go on?", asked.seen)
        self.skein("pause", "songs@v2", *WHY)
        self.skein("resume", "songs@v2", *WHY)
        self.assertIn("--yes", self.skein("halt", *WHY, code=2, stdin=subprocess.DEVNULL).stderr)
        self.skein("halt", "--yes", *WHY)
        self.skein("go", *WHY)

    def test_a_dry_run_says_what_would_be_and_does_nothing(self):
        self.begin()
        before = self.daemon.events()
        said = self.skein("cancel", "books@v2", "--dry-run", *WHY).stdout
        self.assertEqual(said, "books@v2 is parked, and would be cancelled: cancelled\n")
        would = json.loads(self.skein("retry", "books@v2", "--dry-run", "--json", *WHY).stdout)
        self.assertEqual((would["phase"], would["phase_after"]), ("parked", "running"))
        refused = self.skein("resume", "books@v2", "--dry-run", *WHY, code=1).stderr
        self.assertEqual(refused, self.skein("resume", "books@v2", *WHY, code=1).stderr)
        for words in (("halt",), ("pause", "--owner", "group:default/library"),
                      ("limit", "running", "3")):
            self.assertIn("would be noted", self.skein(*words, "--dry-run", *WHY).stdout, words)
        said = self.skein("scan", "--dry-run").stdout
        self.assertIn("ask for 0 migrations", said)
        self.assertIn("there already: books@v2, songs@v2", said)
        self.skein("bulk", "start", "retry", "--state", "parked", "--dry-run", *WHY)
        self.assertIn("would make", self.skein("token", "create", "ci", "--role", "viewer",
                                               "--dry-run").stdout)
        self.assertEqual(self.skein("token", "list", "-o", "csv").stdout,
                         "id,name,role,created\n")
        self.assertEqual(self.daemon.events(), before, "nothing of it was done")

    def test_tables_for_people_and_programs(self):
        self.begin()
        rows = self.rows("list")
        shown = {each["id"]: each for each in self.daemon.migrations().values()}
        self.assertEqual([(row["migration"], row["changed"], row["why"]) for row in rows],
                         [(name, shown[name]["changed_at"], shown[name]["why"].replace("\n", " "))
                          for name in sorted(shown)])
        wide = self.skein("list", "-o", "wide").stdout.splitlines()
        self.assertIn("SCAN", wide[0])
        self.assertNotIn("SCAN", self.skein("list").stdout.splitlines()[0])
        self.assertEqual(json.loads(self.skein("list", "-o", "json").stdout),
                         json.loads(self.skein("list", "--json").stdout))
        for words in (("failures",), ("status",), ("steering",), ("limit",), ("bulk", "list"),
                      ("token", "list"), ("pools",), ("diff", "0"), ("replay",), ("doctor",)):
            text = self.skein(*words, "--output", "csv").stdout
            self.assertTrue(list(csv.reader(io.StringIO(text)))[0][0].islower(), text)
            self.skein(*words, "--output", "wide")
        steps = self.rows("show", "books@v2")
        self.assertIn("parked", [row["status"] for row in steps])
        events = self.rows("events", "books@v2")
        shown = self.daemon.get("/v1/migrations/books@v2/events")["events"]
        self.assertEqual([(row["type"], row["at"]) for row in events],
                         [(each["type"], each["at"]) for each in shown])
        self.assertIn("has no rows", self.skein("audit", "key", "-o", "csv", code=2).stderr)

    def test_what_agents_say_is_shown_and_followed(self):
        self.begin()
        why = ("check", "1", "stderr", "the gate is closed: nobody may pass today")
        skein.wait_until(lambda: why in [(row["step"], row["attempt"], row["stream"], row["text"])
                                         for row in self.rows("logs", "books@v2")],
                         "why it failed is said")
        self.skein("logs", "nothing@v2", code=3)
        log = self.folder / "followed"
        with log.open("w") as out:
            follow = subprocess.Popen([skein.program("skein"), "-w", self.space, "logs",
                                       "books@v2", "--follow"], env=self.env, stdout=out)
        try:
            skein.wait_until(lambda: "check #1" in log.read_text(), "what was said is shown")
            gates.say(self.gates, "books", "pass")
            self.skein("retry", "books@v2", *WHY)
            skein.wait_until(lambda: "check #2  given ***" in log.read_text(), "and what comes")
        finally:
            follow.terminate()
            follow.wait()
        self.daemon.stop()
        self.assertIn("skeind is not running", self.skein("logs", "books@v2", code=4).stderr)

    def test_watching_goes_on_without_a_daemon_and_ends_well(self):
        self.begin()
        log = self.folder / "watched"
        with log.open("w") as out:
            watching = subprocess.Popen(
                [skein.program("skein"), "-w", str(self.space), "pools", "--watch", "0.2"],
                stdout=out, env=self.env)
        skein.wait_until(lambda: log.read_text().count("POOL") > 2, "it is shown again and again")
        self.assertIn("\n\nPOOL", log.read_text())
        self.daemon.stop()
        skein.wait_until(lambda: "looking again in 0.2 s" in log.read_text(), "it says so")
        self.start(self.space)
        seen = log.read_text().count("POOL")
        skein.wait_until(lambda: log.read_text().count("POOL") > seen, "it goes on")
        watching.send_signal(signal.SIGINT)
        self.assertEqual(watching.wait(timeout=10), 0)
        shown = self.typist("list", "--watch", "0.2")
        shown.wait_for("books@v2")
        skein.wait_until(lambda: shown.read(0.1) and shown.seen.count("\x1b[H") > 2,
                         "it is drawn in place")
        os.killpg(shown.process.pid, signal.SIGINT)
        self.assertEqual(shown.end(), 0)

    def test_a_daemon_elsewhere_is_known_by_name(self):
        make_certificate(self.folder, "server")
        self.begin(f"""http:
  tls: {{certificate: {self.folder}/server.pem, key: {self.folder}/server.key}}
""")
        self.skein("token", "create", "ann", "--role", "operator")
        token = self.folder / "token"
        token.write_text(self.skein("token", "create", "bot", "--role", "operator").stdout)
        self.skein("context", "add", "there", "--url", self.daemon.http, "--token-file", token,
                   "--ca", self.folder / "server.pem", "--nats", self.daemon.nats, folder=False)
        self.skein("context", "add", "here", "--folder", self.space, folder=False)
        file = self.config / "skein" / "contexts.yaml"
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        self.assertNotIn(token.read_text().strip(), file.read_text()
                         + self.skein("context", "show", "there", folder=False).stdout)
        rows = self.rows("context", "list", folder=False)
        self.assertEqual([(row["name"], row["current"]) for row in rows],
                         [("here", "false"), ("there", "true")])
        elsewhere = {"folder": False, "cwd": self.folder}
        self.skein("scan", *WHY, **elsewhere)
        skein.wait_until(lambda: [row["phase"] for row in self.rows("list", **elsewhere)]
                         == ["parked", "parked"], "both are parked")
        for words in (("show", "books@v2"), ("events", "books@v2"), ("failures",), ("steering",),
                      ("pools",), ("bulk", "list"), ("pause", "songs@v2", *WHY), ("status",)):
            self.skein(*words, **elsewhere)
        noted = json.loads(self.skein("events", "songs@v2", "--type", "paused", "--json",
                                      **elsewhere).stdout)
        self.assertEqual(noted["actor"], "ann (token bot)")
        for words in (("token", "list"), ("audit", "verify"), ("check",)):
            self.assertIn("elsewhere", self.skein(*words, code=2, **elsewhere).stderr)
        self.skein("doctor", code=1, **elsewhere)  # the bus wants to know who comes
        password = self.skein("bus", "user", "add", "there", "--role", "console").stdout.strip()
        self.env |= {"SKEIN_NATS_USER": "there", "SKEIN_NATS_PASSWORD": password}
        skein.wait_until(lambda: self.run_program("skein", "doctor", env=self.env,
                                                  cwd=self.folder).returncode == 0,
                         "the bus knows the user, and all is well")
        said = json.loads(self.skein("doctor", "--json", **elsewhere).stdout)["findings"]
        self.assertEqual({each["about"] for each in said}, {"daemon", "nats", "clock"})
        self.skein("status", "--context", "here", **elsewhere)
        self.skein("status", "--context", "nowhere", code=3, **elsewhere)
        self.skein("context", "use", "here", "--dry-run", folder=False)
        self.skein("context", "use", "here", folder=False)
        self.skein("token", "list", **elsewhere)
        self.skein("context", "remove", "here", folder=False)

    def test_a_daemon_that_asks_for_a_certificate(self):
        for name in ("server", "client"):
            make_certificate(self.folder, name)
        self.begin(f"""http:
  tls: {{certificate: {self.folder}/server.pem, key: {self.folder}/server.key,
        client_ca: {self.folder}/client.pem}}
""")
        add = ("context", "add", "there", "--url", self.daemon.http,
               "--ca", self.folder / "server.pem")
        self.skein(*add, folder=False)
        self.skein("status", code=4, folder=False, cwd=self.folder)
        self.skein(*add, "--certificate", self.folder / "client.pem", code=2, folder=False)
        self.skein(*add, "--certificate", self.folder / "client.pem",
                   "--key", self.folder / "client.key", folder=False)
        self.assertIn("0 migrations", self.skein("status", folder=False, cwd=self.folder).stdout)

    def completed(self, line):
        """What bash makes of the line."""
        script = (f'source <({skein.program("skein")} completion bash); COMP_LINE={line!r}; '
                  'COMP_POINT=${#COMP_LINE}; _skein; printf "%s\\n" "${COMPREPLY[@]}"')
        run = subprocess.run(["bash", "-c", script], text=True, capture_output=True, check=True,
                             env={**self.env, "PATH": f"{skein.program('')}:{os.environ['PATH']}",
                                  "SKEIN_WORKSPACE": str(self.space)})
        return run.stdout.split()

    def test_bash_completes_commands_options_and_names(self):
        self.begin()
        self.assertEqual(self.completed("skein bul"), ["bulk"])
        self.assertEqual(self.completed("skein bulk st"), ["start", "stop"])
        self.assertEqual(self.completed("skein bulk start ret"), ["retry"])
        self.assertIn("--dry-run", self.completed("skein cancel --d"))
        self.assertEqual(self.completed("skein --output w"), ["wide"])
        self.assertEqual(self.completed("skein list --phase par"), ["parked"])
        self.assertEqual(self.completed("skein show b"), ["books@v2"])
        self.assertEqual(self.completed("skein show books@"), ["v2"], "what is behind the @")
        self.assertEqual(self.completed("skein list --owner group:de"), ["default/library"])
        self.assertIn("running", self.completed("skein limit ru"))
        self.assertEqual(self.completed("skein pause --pool "), ["default"])
        self.skein("context", "add", "try", "--folder", self.space, folder=False)
        self.assertEqual(self.completed("skein --context t"), ["try"])
        self.daemon.stop()
        begun = time.monotonic()
        self.assertEqual(self.completed("skein show b"), [])
        self.assertLess(time.monotonic() - begun, 5)

    def test_zsh_completes_the_same(self):
        self.assertIsNotNone(shutil.which("zsh"), "install zsh, see tools/setup/packages.txt")
        self.begin()
        program = skein.program("skein")
        # _describe stands for zsh's own, which needs a terminal: it shows what it is given.
        script = (f"compdef() {{ }}; source <({program} completion zsh); "
                  '_describe() { print -l -- "${(@P)3}"; }; '
                  f"words=({program} -w {self.space} show b); CURRENT=5; _skein; "
                  f"words=({program} bulk sta); CURRENT=3; _skein")
        run = subprocess.run(["zsh", "-f", "-c", script], text=True, capture_output=True,
                             check=True, env=self.env)
        self.assertEqual(run.stdout.splitlines()[0], "books@v2:")
        self.assertIn("start:Orders something", run.stdout)

    def test_the_manual_is_whole_and_well_written(self):
        page = self.skein("man", folder=False).stdout
        shown = subprocess.run(["groff", "-man", "-ww", "-Kutf8", "-Tutf8", "-P-c"], input=page,
                               text=True, capture_output=True, check=True)
        self.assertEqual(shown.stderr, "")
        commands = self.skein("__complete", "", folder=False).stdout.splitlines()
        self.assertGreater(len(commands), 30)
        text = re.sub(".\b", "", shown.stdout)  # what is bold is struck twice
        for each in commands:
            self.assertIn("skein " + each.split("\t")[0], text)
        for words in ("EXIT STATUS", "SKEIN_CONTEXT", "--dry-run"):
            self.assertIn(words, text)


if __name__ == "__main__":
    skein.main()
