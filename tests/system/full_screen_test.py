"""The full-screen console in a real terminal: keys in, screen out."""

import os
import pathlib
import re
import shlex
import signal
import subprocess

import api_workspace as gates
import skein_fixture as skein

NAMES = [f"set{number}" for number in range(12)]
COLORS = re.compile(r"\x1b\[[0-9;]*3[0-7][0-9;]*m")


class Terminal:
    """A shell in a terminal of its own (tmux), on a server of its own."""

    def __init__(self, socket, columns, rows):
        self.socket = str(socket)
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows),
                  "env", "PS1=ready> ", "bash", "--norc", "--noprofile")
        self.wait_for("ready>")

    def tmux(self, *words):
        done = subprocess.run(["tmux", "-S", self.socket, *words], text=True, check=True,
                              capture_output=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
        return done.stdout

    def type(self, text):
        self.tmux("send-keys", "-l", text)

    def press(self, *keys):
        self.tmux("send-keys", *keys)

    def mouse(self, button, row):
        """Presses and lets go of a button of the mouse, as terminals say it to the program that
        asked for that; of the wheel they say it once."""
        if self.flag("mouse_sgr_flag"):
            said = [f"\x1b[<{button};5;{row + 1}{how}".encode() for how in "Mm"]
        else:
            said = [b"\x1b[M" + bytes([32 + what, 32 + 5, 33 + row]) for what in (button, 3)]
        is_wheel = button >= 64
        self.tmux("send-keys", "-H",
                  *(f"{byte:02x}" for byte in b"".join(said[:1] if is_wheel else said)))

    def flag(self, name):
        return self.tmux("display-message", "-p", f"#{{{name}}}").strip() == "1"

    def row_of(self, text):
        return next(i for i, line in enumerate(self.lines()) if text in line)

    def lines(self, *options):
        return self.tmux("capture-pane", "-p", *options).splitlines()

    def wait_for(self, *texts, patience=skein.PATIENCE):
        """The screen, once all of the texts are on it."""
        def there():
            now = "\n".join(self.lines())
            return now if all(text in now for text in texts) else None
        return skein.wait_until(there, lambda: "\n".join([f"{texts} are shown:", *self.lines()]),
                                patience)

    def wait_until_gone(self, text):
        skein.wait_until(lambda: text not in "\n".join(self.lines()), f"{text} is gone")

    def resize(self, columns, rows):
        self.tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def program(self):
        """The process that the shell runs in the foreground."""
        shell = self.tmux("list-panes", "-F", "#{pane_pid}").strip()
        found = pathlib.Path(f"/proc/{shell}/task/{shell}/children").read_text().split()
        return int(found[0])

    def end(self):
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], check=False,
                       capture_output=True)


class FullScreen(skein.SystemTest):
    def setUp(self):
        super().setUp()
        self.terminals = []
        self.space = self.folder / "space"
        self.gates = gates.make(skein.arguments[0], self.space, NAMES)

    def tearDown(self):
        for each in self.terminals:
            each.end()
        super().tearDown()

    def begin(self):
        daemon = self.start(self.space)
        daemon.scan()
        skein.wait_until(lambda: len(daemon.migrations()) == len(NAMES), "all are requested")
        return daemon

    def open(self, columns, rows, before="", options=()):
        socket = self.folder / f"tmux{len(self.terminals)}"
        self.terminals.append(Terminal(socket, columns, rows))
        terminal = self.terminals[-1]
        words = shlex.join([skein.program("skein"), "-w", str(self.space), "console",
                            "--actor", "ann", *options])
        terminal.type(f"{before} {words}; echo ended $?")
        terminal.press("Enter")
        terminal.wait_for("2 migrations", f"{len(NAMES)} migrations")
        return terminal

    def wait_for_end(self, terminal):
        """The shell has its terminal back: what was there before, and an echo of what is typed."""
        terminal.wait_for("bin/skein -w", "ended 0")
        terminal.type("echo it is $((40 + 2))")
        terminal.wait_for("echo it is $((40 + 2))")
        terminal.press("Enter")
        terminal.wait_for("it is 42")

    def test_an_operator_at_80_by_24(self):
        daemon = self.begin()
        gates.say(self.gates, "set7", "fail")
        gates.phase(daemon, "set7@v2", "parked")
        terminal = self.open(80, 24)
        screen = terminal.wait_for("set0@v2", "1 of 12")
        self.assertEqual(len(screen.splitlines()), 24)
        self.filters(terminal)
        self.retries(daemon, terminal)
        self.reconnects(daemon, terminal)
        self.looks_around(terminal)
        self.points(terminal)
        self.listens(terminal)
        terminal.press("q")
        self.wait_for_end(terminal)

    def filters(self, terminal):
        terminal.type("/set7")
        terminal.wait_for("/set7", "1 of 1", "parked")
        terminal.press("Escape")
        terminal.wait_for("10 of 12")  # it stays chosen
        terminal.type("/state:parked")
        terminal.press("Enter")
        terminal.wait_for("filter: state:parked", "1 of 1", "nobody may pass today")

    def retries(self, daemon, terminal):
        terminal.press("Enter")
        terminal.wait_for("✖ check", "└─○ migrate", "What to do next")
        terminal.type("r")
        terminal.wait_for("Retry set7@v2 because:")
        terminal.press("Enter")
        terminal.wait_for("an order needs a reason")
        gates.say(self.gates, "set7", "pass")
        terminal.type("the gate is open again")
        terminal.press("Enter")
        terminal.wait_for("retry: set7@v2 is running")
        events = daemon.get("/v1/migrations/set7@v2/events?limit=1000")["events"]
        retried = [each for each in events if each["type"] == "retried"]
        self.assertEqual([(each["actor"], each["reason"]) for each in retried],
                         [("ann", "the gate is open again")])
        # Nobody presses a key: it is the events that bring it up to date.
        terminal.wait_for("set7@v2  completed", "✔ check", "└─✔ migrate")
        terminal.press("Escape")
        terminal.wait_for("no migration fits")
        terminal.press("Escape")
        terminal.wait_for("of 12")

    def reconnects(self, daemon, terminal):
        daemon.kill()
        terminal.wait_for("NOT CONNECTED", "not connected for", "trying again in", "set0@v2")
        self.start(self.space)
        terminal.wait_until_gone("NOT CONNECTED")
        terminal.wait_for(" UTC", "● 12 migrations")

    def looks_around(self, terminal):
        terminal.type("1")
        terminal.wait_for("MIGRATIONS  12", "migrations completed", "LIMITS", "NEWEST EVENTS")
        terminal.type(":pools")
        terminal.press("Enter")
        terminal.wait_for("WAITING", "ENDS AT LATEST")
        terminal.type("?")
        terminal.wait_for("MOVING", "one up or down")
        terminal.type("2")
        terminal.resize(200, 60)
        screen = terminal.wait_for("OWNER", "group:default/library", "set9@v2")
        self.assertEqual(len(screen.splitlines()), 60)
        terminal.resize(80, 24)
        terminal.wait_until_gone("OWNER")

    def points(self, terminal):
        left, wheel_up, wheel_down = 0, 64, 65
        self.assertTrue(terminal.flag("mouse_any_flag"))
        terminal.press("Home")
        terminal.wait_for("1 of 12")
        terminal.mouse(wheel_down, 10)
        terminal.wait_for("4 of 12")
        terminal.mouse(wheel_down, 10)
        terminal.wait_for("7 of 12")
        for _ in range(2):
            terminal.mouse(wheel_up, 10)
        terminal.wait_for("1 of 12")
        terminal.mouse(left, terminal.row_of("set10@v2"))
        terminal.wait_for("2 of 12")
        row = terminal.row_of("set1@v2")
        for _ in range(2):
            terminal.mouse(left, row)
        terminal.wait_for("set1@v2", "└─")
        terminal.press("Escape")
        terminal.wait_for("of 12")

    def listens(self, terminal):
        """Each attempt at a gate says at once what it was given; the daemon was killed since, and
        its attempts were lost: so these are tried again."""
        gates.say(self.gates, "set3", "fail")
        terminal.type(":open set3@v2")
        terminal.press("Enter")
        terminal.wait_for("What its agents say", "check #", "the gate is closed", "l  more")
        terminal.type("l")
        terminal.wait_until_gone("l  more")
        terminal.wait_for("the gate is closed", "given ***")

    def test_signals_and_colours_at_200_by_60(self):
        daemon = self.begin()
        gates.say(self.gates, "set7", "hold")
        gates.phase(daemon, "set7@v2", "held")
        terminal = self.open(200, 60)
        terminal.wait_for("OWNER", "set7@v2", "somebody has to look at it")
        self.assertTrue(COLORS.search("\n".join(terminal.lines("-e"))), "phases have colours")
        terminal.type("3")
        terminal.wait_for("1 kind of 1", "somebody has to look at it")
        os.kill(terminal.program(), signal.SIGTERM)
        self.wait_for_end(terminal)
        terminal.end()

        terminal = self.open(200, 60, before="NO_COLOR=1", options=["--no-mouse"])
        terminal.wait_for("somebody has to look at it")
        self.assertFalse(terminal.flag("mouse_any_flag"), "the terminal keeps its mouse")
        self.assertFalse(COLORS.search("\n".join(terminal.lines("-e"))), "nobody wants colours")
        terminal.press("C-c")
        self.wait_for_end(terminal)
        terminal.end()

        terminal = self.open(200, 60)
        terminal.end()  # its terminal is gone, with SIGHUP
        self.assertEqual(daemon.stop()[0], 0)
        self.wait_for_no_process()

    def test_without_terminal_or_daemon(self):
        run = self.run_program("skein", "-w", self.space, "console")
        self.assertEqual((run.returncode, run.stdout), (4, ""))
        self.assertIn("skeind is not running", run.stderr)
        self.start(self.space)
        run = self.run_program("skein", "-w", self.space, "console", stdin=subprocess.DEVNULL)
        self.assertEqual((run.returncode, run.stdout), (2, ""))
        self.assertIn("needs a terminal", run.stderr)


if __name__ == "__main__":
    skein.main()
