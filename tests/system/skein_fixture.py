"""Real processes for the system tests: a private folder, daemons in it, and nothing left behind.

Each test script is run as `script.py BIN_DIR [EXAMPLES_DIR PACKAGE_DATA_DIR ...]`, see
CMakeLists.txt. Waiting is always for a condition, with a deadline.
"""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from http.client import HTTPException

PATIENCE = 150  # seconds; generous, for machines that do much else
# ctest ends a script at 280 s, and then nobody would end what the script started.
TIME_FOR_ALL = 265  # seconds

bin_dir = pathlib.Path()
arguments = []


def main(time_for_all=TIME_FOR_ALL):
    """Takes the folder of the programs off the command line and runs the script's tests."""
    global bin_dir, arguments
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} BIN_DIR [ARGUMENT...]")
    bin_dir, arguments = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]

    def end(*_):
        raise AssertionError(f"not done after {time_for_all} s")
    signal.signal(signal.SIGALRM, end)
    signal.alarm(time_for_all)
    unittest.main(argv=sys.argv[:1], verbosity=2, failfast=True)


def wait_until(condition, what, patience=PATIENCE):
    """The condition's first true answer; a failure that names `what`, a text or what gives one."""
    deadline = time.monotonic() + patience
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            now = what() if callable(what) else what
            raise AssertionError(f"waited {patience} s in vain until {now}")
        time.sleep(0.05)


def http_text(method, url, body=None):
    """Status and body of any answer, good or bad."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def http(method, url, body=None):
    """The same, its JSON parsed."""
    status, text = http_text(method, url, body)
    return status, json.loads(text)


def _facts_of(pid):
    """Command line, environment and working folder; empty once the process is gone or a zombie."""
    facts = b""
    for name in ("cmdline", "environ"):
        with contextlib.suppress(OSError):
            facts += pathlib.Path(f"/proc/{pid}/{name}").read_bytes()
    with contextlib.suppress(OSError):
        facts += os.readlink(f"/proc/{pid}/cwd").encode()
    return facts


def processes_of(folder):
    """Who runs in the folder or on its behalf, by process id: their command lines."""
    needle, found = os.fsencode(str(folder)), {}
    others = {int(name) for name in os.listdir("/proc") if name.isdigit()} - {os.getpid()}
    for pid in others:
        if needle in _facts_of(pid):
            with contextlib.suppress(OSError):
                line = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
                found[pid] = line.replace(b"\0", b" ").decode(errors="replace")
    return found


def kill_9(pid):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def program(name):
    return str(bin_dir / name)


class Daemon:
    """A skeind on a workspace, in a process group of its own."""

    def __init__(self, workspace, *options):
        self.state = pathlib.Path(workspace) / ".skein"
        # A file of a daemon that was killed must not be taken for this one's.
        (self.state / "daemon.json").unlink(missing_ok=True)
        self.process = subprocess.Popen([program("skeind"), "-w", str(workspace), *options],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                        start_new_session=True)

    def wait_ready(self):
        def ready():
            if self.process.poll() is not None:
                raise AssertionError(f"skeind ended: {self.process.stderr.read().decode()}")
            return self.is_ready()
        wait_until(ready, "skeind is ready")
        return self

    def is_ready(self):
        """Whether it has said where it is found."""
        with contextlib.suppress(OSError, ValueError):
            where = json.loads((self.state / "daemon.json").read_text())
            if where["pid"] == self.process.pid:
                self.http, self.nats = where["http"], where["nats"]
                return True
        return False

    def get_text(self, path):
        """The answer, or None while a coordinator that starts again does not answer."""
        try:
            status, text = http_text("GET", self.http + path)
        except (OSError, HTTPException):
            return None
        return text if status == 200 else None

    def get(self, path):
        """The same, its JSON parsed."""
        text = self.get_text(path)
        return None if text is None else json.loads(text)

    def post(self, path, body):
        return http("POST", self.http + path, body)

    def scan(self):
        status, body = self.post("/v1/scan", {"actor": "system test", "reason": "to test"})
        assert status < 300, body
        return body

    def migrations(self):
        """The phase of each, by id; empty while there is no answer."""
        page = self.get("/v1/migrations?limit=1000") or {"migrations": []}
        return {each["id"]: each for each in page["migrations"]}

    def events(self):
        """How many there are in the log."""
        return (self.get("/v1/status") or {}).get("last_sequence", 0)

    def wait_for(self, count, patience=PATIENCE):
        """Until so many migrations exist and all are at rest, with nothing owed."""
        def rests():
            assert self.process.poll() is None, f"skeind ended with {self.process.returncode}"
            status = self.get("/v1/status")
            return (status and status["migrations"] >= count and not status["open"]
                    and status["lag"] == 0)
        wait_until(rests, lambda: f"{count} migrations rest; now: {self.phases}", patience)
        return self.migrations()

    @property
    def phases(self):
        return {name: each["phase"] for name, each in self.migrations().items()}

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()

    def stop(self, patience=30):
        """SIGTERM; answers the exit code and what it said on stderr."""
        self.process.terminate()
        _, said = self.process.communicate(timeout=patience)
        return self.process.returncode, said.decode()


class SystemTest(unittest.TestCase):
    """A private folder `self.folder`; whoever still runs in it at the end is killed and named."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="skein-system-"))
        self.daemons = []

    def tearDown(self):
        for daemon in self.daemons:
            if daemon.process.poll() is None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    daemon.stop()
        left = processes_of(self.folder)
        for pid in left:
            kill_9(pid)
        result = self._outcome.result
        if any(test is self for test, _ in result.failures + result.errors):
            self.dump_logs()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.assertEqual(left, {}, "processes were left behind")

    def dump_logs(self):
        for log in sorted(self.folder.rglob("skeind.log")):
            print(f"--- {log}, its end", file=sys.stderr)
            print(log.read_text(errors="replace")[-12000:], file=sys.stderr)

    def start(self, workspace, *options):
        self.daemons.append(Daemon(workspace, *options))
        return self.daemons[-1].wait_ready()

    def run_program(self, *command, patience=PATIENCE, **options):
        """Runs a program of ours to its end; answers it with its text."""
        return subprocess.run([program(command[0]), *map(str, command[1:])], text=True,
                              capture_output=True, timeout=patience, check=False, **options)

    def wait_for_no_process(self, patience=20):
        wait_until(lambda: not processes_of(self.folder), "the test has no process", patience)
