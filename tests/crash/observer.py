"""Outsiders of the crash harness: one asks for migrations, one notes all that anybody is told."""

import contextlib
import http.client
import json
import random
import threading
import time

import skein_fixture as skein
from nats_wire import Down, Wire

ACTIONS = "honk.actions.migrate"


class Outsider(threading.Thread):
    """A thread that ends when told to, and whose failure is the test's."""

    def __init__(self):
        super().__init__(daemon=True)
        self.over = threading.Event()
        self.error = None

    def run(self):
        try:
            while not self.over.is_set():
                self.step()
        except Exception as error:  # what it is does not matter: join() hands it on
            self.error = error

    def finish(self):
        self.over.set()
        self.join()
        if self.error:
            raise self.error


class Publisher(Outsider):
    """Asks for a migration of each dataset, some twice, and knows which requests were accepted."""

    def __init__(self, nats, names, seed, pause):
        super().__init__()
        self.dice = random.Random(seed)
        self.waiting = [name for name in names for _ in range(2 if self.dice.random() < 0.1 else 1)]
        self.dice.shuffle(self.waiting)
        self.accepted, self.nats, self.pause, self.wire = set(), nats, pause, None

    def step(self):
        if not self.waiting:
            self.over.set()
            return
        try:
            self.wire = self.wire or Wire(self.nats)
            self.wire.publish_durably(ACTIONS, {
                "dataset": self.waiting[-1], "currentVersion": "v1", "targetVersion": "v2",
                "scan": "crash"})
        except Down:  # nobody knows whether it arrived: asking twice does no harm
            self.wire = self.wire and self.wire.close()
            time.sleep(0.02)
            return
        self.accepted.add(self.waiting.pop())
        time.sleep(self.pause())


class Notes:
    """All that anybody was told is in the log, by sequence, byte for byte."""

    def __init__(self):
        self.lock = threading.Lock()
        self.told = {}
        self.newest = 0  # the highest sequence that an answer said is in the log
        self.receipts = []  # answers to operator orders

    def event(self, sequence, text):
        with self.lock:
            before = self.told.setdefault(sequence, text)
            assert before == text, f"sequence {sequence} was told as {before} and as {text}"

    def log_reaches(self, sequence):
        with self.lock:
            assert sequence >= self.newest, \
                f"the log reached {self.newest}, and now ends at {sequence}"
            self.newest = sequence


class BusObserver(Outsider):
    """Hears every status message that passes while the bus lives."""

    def __init__(self, nats, notes):
        super().__init__()
        self.nats, self.notes, self.wire = nats, notes, None

    def step(self):
        try:
            if self.wire is None:
                self.wire = Wire(self.nats)
                self.wire.subscribe("skein.v1.status.>")
            message = self.wire.next(0.1)
        except Down:
            self.wire = self.wire and self.wire.close()
            time.sleep(0.02)
            return
        if message:
            text = message[1].decode()
            self.notes.event(int(json.loads(text)["sequence"]), text)


class Operator(Outsider):
    """Reads the log over HTTP as it grows, and approves what waits for a human."""

    def __init__(self, notes):
        super().__init__()
        self.notes, self.asked, self.seen, self.held = notes, None, 0, []

    def step(self):
        time.sleep(0.05)
        daemon = self.asked  # whoever is the daemon now
        if not daemon.is_ready():
            return
        with contextlib.suppress(OSError, http.client.HTTPException):
            status = daemon.get("/v1/status")
            if status:
                self.notes.log_reaches(status["last_sequence"])
            self.read(daemon)
            self.approve(daemon)

    def read(self, daemon):
        for sequence, text in events_after(daemon, self.seen, pages=1):
            self.notes.event(sequence, text)
            self.seen = sequence
            event = json.loads(text)
            if event["type"] == "held":
                self.held.append(event["migration"])

    def approve(self, daemon):
        while self.held:
            status, body = daemon.post(f"/v1/migrations/{self.held[-1]}/approve", {
                "actor": "crash harness", "reason": "its owner said yes"})
            if status >= 500:
                return  # it starts again; the order is given again
            # 409: an earlier order was taken, and its answer lost.
            assert status in (200, 409), (status, body)
            if status == 200:
                self.notes.receipts.append((self.held[-1], body))
            self.held.pop()


def events_after(daemon, after, pages=1 << 30):
    """Events over HTTP from there on: (sequence, text), the text as it stands in the answer."""
    decoder = json.JSONDecoder()
    for _ in range(pages):
        text = daemon.get_text(f"/v1/events?limit=1000&after={after}")
        if text is None:
            return
        at = text.index("[") + 1
        found = 0
        while text[at] != "]":
            event, end = decoder.raw_decode(text, at)
            after, found = int(event["sequence"]), found + 1
            yield after, text[at:end]
            at = end + (text[end] == ",")
        if not found:
            return


def all_migrations(daemon):
    """The full state of each, by id."""
    found, after = {}, ""
    while after is not None:
        page = skein.wait_until(lambda: daemon.get(f"/v1/migrations?limit=1000&after={after}"),
                                "the daemon lists its migrations")
        for each in page["migrations"]:
            found[each["id"]] = skein.wait_until(
                lambda: daemon.get(f"/v1/migrations/{each['id']}"), "it shows one")
        after = page["next"]
    return found
