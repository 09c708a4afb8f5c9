"""The live events of a real daemon: everybody sees everything, in order, and can go on later.

2,000 clients follow at once, on the daemon's same few threads.
"""

import asyncio
import contextlib
import json
import pathlib
import re
import resource
import urllib.parse

import api_workspace as gates
import openapi
import skein_fixture as skein

CLIENTS = 2000
NAMES = [f"set{number}" for number in range(8)]


async def follow(where, target, until, headers=""):
    """Reads server-sent events until `until(event)`; answers all of them."""
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    try:
        writer.write(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
                     f"{headers}\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 "), head
        events = []
        while True:
            event = parse(await reader.readuntil(b"\n\n"))
            if "data" in event:
                events.append(event)
                if until(event):
                    return events
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def parse(frame):
    fields = {}
    for line in frame.decode().splitlines():
        if not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value
    return fields


def ids(events):
    return [int(event["id"]) for event in events]


class EventStreamTest(skein.SystemTest):
    def begin(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        self.assertGreaterEqual(hard, CLIENTS + 500, "this test needs more open files: ulimit -Hn")
        self.gates = gates.make(skein.arguments[0], self.folder / "space", NAMES)
        # The daemon raises its own limit from the usual one; the clients are this process's.
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(1024, hard), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        self.daemon = self.start(self.folder / "space")
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.where = urllib.parse.urlparse(self.daemon.http)

    def threads(self):
        return len(list(pathlib.Path(f"/proc/{self.daemon.process.pid}/task").iterdir()))

    def readers(self):
        """How many follow the live events, as the daemon counts them."""
        found = re.search(r"^skein_event_readers (\d+)$", self.daemon.get_text("/metrics"), re.M)
        return int(found[1])

    def logged(self, query="limit=1000"):
        return self.daemon.get(f"/v1/events?{query}")["events"]

    def stream(self, target, until, headers=""):
        return asyncio.run(asyncio.wait_for(follow(self.where, target, until, headers),
                                            skein.PATIENCE))

    def test_2000_clients_see_everything_in_order(self):
        self.begin()
        threads = self.threads()

        async def everybody():
            # The last event of the story: one migration is cancelled when the others are done.
            last = lambda event: event["event"] == "cancelled"  # noqa: E731
            readers = [asyncio.create_task(follow(self.where, "/v1/events?after=0", last))
                       for _ in range(CLIENTS)]
            story = asyncio.create_task(asyncio.to_thread(self.story))
            # A reader that fails ends the test at once.
            *events, _ = await asyncio.wait_for(asyncio.gather(*readers, story),
                                                2 * skein.PATIENCE)
            return events

        seen = asyncio.run(everybody())
        logged = self.logged()
        self.assertEqual({len(events) for events in seen}, {len(logged)})
        wanted = [int(event["sequence"]) for event in logged]
        for events in seen:
            self.assertEqual(ids(events), wanted)
        self.assertEqual([json.loads(event["data"]) for event in seen[0]], logged)
        self.assertEqual([event["event"] for event in seen[0]], [each["type"] for each in logged])
        document = openapi.Document(openapi.Client(self.daemon.http).call(
            "GET", "/v1/openapi.json").body)
        for event in logged:
            document.validator({"$ref": "#/components/schemas/Event"}).validate(event)
        # Threads of libraries come and go; one for each client would be thousands.
        self.assertLess(self.most_threads, threads + 10, "clients do not cost threads")
        skein.wait_until(lambda: self.readers() == 0, "the connections are closed")

    def story(self):
        skein.wait_until(lambda: self.readers() == CLIENTS,
                         lambda: f"{CLIENTS} clients are connected: {self.readers()}")
        self.most_threads = self.threads()
        self.daemon.scan()
        for name in NAMES:
            gates.attempt(self.gates, name)
        for name in NAMES[1:]:
            gates.say(self.gates, name, "pass")
        for name in NAMES[1:]:
            gates.phase(self.daemon, f"{name}@v2", "completed")
        status, body = self.daemon.post(f"/v1/migrations/{NAMES[0]}@v2/cancel",
                                        {"actor": "system test", "reason": "the end"})
        assert status == 200, body

    def test_going_on_and_filters(self):
        self.begin()
        self.daemon.scan()
        for name in NAMES:
            gates.attempt(self.gates, name)
            gates.say(self.gates, name, "pass")
        for name in NAMES:
            gates.phase(self.daemon, f"{name}@v2", "completed")
        logged = self.logged()
        last = int(logged[-1]["sequence"])
        at_end = lambda event: int(event["id"]) == last  # noqa: E731
        middle = last // 2
        wanted = [int(event["sequence"]) for event in logged if int(event["sequence"]) > middle]
        got = self.stream("/v1/events", at_end, f"Last-Event-ID: {middle}\r\n")
        self.assertEqual(ids(got), wanted)
        got = self.stream("/v1/events?after=3", at_end, f"Last-Event-ID: {middle}\r\n")
        self.assertEqual(ids(got), wanted, "where it was counts more than where it began")
        done = [int(event["sequence"]) for event in logged if event["type"] == "completed"]
        got = self.stream("/v1/events?after=0&type=completed",
                          lambda event: int(event["id"]) == done[-1])
        self.assertEqual(ids(got), done)
        mine = [int(event["sequence"]) for event in logged if event["dataset"] == NAMES[3]]
        got = self.stream(f"/v1/events?after=0&dataset={NAMES[3]}&owner=group:default/library",
                          lambda event: int(event["id"]) == mine[-1])
        self.assertEqual(ids(got), mine)


if __name__ == "__main__":
    skein.main()
