"""What /metrics serves: what docs/api.md lists, with the right figures, and all that the dashboard
asks for."""

import json
import pathlib
import re

import api_workspace as gates
import openapi
import skein_fixture as skein

NAMES = ("books", "plays", "poems")
SAMPLE = re.compile(r'^([a-z_]+)(?:\{(.*)\})? ([-+0-9.e]+|NaN|[+-]Inf)$')


class MetricsTest(skein.SystemTest):
    def read(self):
        """All samples, by name and labels; each family has its type and help first."""
        answer = openapi.Client(self.daemon.http).call("GET", "/metrics")
        self.assertEqual((answer.status, answer.type), (200, "text/plain"))
        samples, families = {}, {}
        for line in answer.body.decode().splitlines():
            if line.startswith("# TYPE "):
                _, _, name, kind = line.split(" ")
                self.assertNotIn(name, families, "a family stands together")
                families[name] = kind
            elif not line.startswith("#"):
                found = SAMPLE.match(line)
                self.assertTrue(found, line)
                name, labels, value = found.groups()
                base = re.sub(r"_(bucket|sum|count)$", "", name)
                self.assertIn(base if families.get(base) == "histogram" else name, families, line)
                labels = dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels or ""))
                key = (name, *sorted(labels.items()))
                self.assertNotIn(key, samples, line)
                samples[key] = float(value)
        self.families = families
        return samples

    def value(self, name, **labels):
        return self.read().get((name, *sorted(labels.items())))

    def becomes(self, value, name, **labels):
        skein.wait_until(lambda: self.value(name, **labels) == value,
                         lambda: f"{name}{labels} is {value}: {self.value(name, **labels)}")

    def test_all_that_is_counted(self):
        place = gates.make(skein.arguments[0], self.folder / "space", NAMES)
        self.daemon = self.start(self.folder / "space")
        self.daemon.scan()
        for name in NAMES:
            gates.attempt(place, name)
        self.becomes(3, "skein_pool_running", pool="default")
        self.becomes(3, "skein_migrations", phase="running")
        self.assertEqual(self.value("skein_pool_workers", pool="default"), 1)
        for name, word in (("books", "pass"), ("plays", "hold"), ("poems", "fail")):
            gates.say(place, name, word)
        for name, phase in (("books", "completed"), ("plays", "held"), ("poems", "parked")):
            gates.phase(self.daemon, f"{name}@v2", phase)
            self.becomes(1, "skein_migrations", phase=phase)
        self.becomes(0, "skein_pool_running", pool="default")
        for cursor in ("view", "relay", "notary", "feed"):
            self.becomes(0, "skein_cursor_lag_events", cursor=cursor)
        events = self.daemon.events()
        self.becomes(events, "skein_log_events")
        self.assertEqual(self.value("skein_log_appended_events_total"), events)
        logged = self.daemon.get("/v1/events?limit=1000")["events"]
        for kind in ("attempt_started", "attempt_failed", "completed"):
            self.assertEqual(self.value("skein_events_total", type=kind),
                             sum(each["type"] == kind for each in logged), kind)
        self.assertGreater(self.value("skein_log_commit_seconds_count"), 0)
        for queue in ("journal", "intake"):
            self.becomes(0, "skein_queue_waiting", queue=queue)
        before = self.value("skein_http_requests_total", route="/v1/migrations/{id}", method="GET",
                            status="404") or 0
        openapi.Client(self.daemon.http).call("GET", "/v1/migrations/nothing@v2")
        self.becomes(before + 1, "skein_http_requests_total", route="/v1/migrations/{id}",
                     method="GET", status="404")
        self.names()

    def names(self):
        root = pathlib.Path(skein.arguments[0]).parent
        page = (root / "docs" / "api.md").read_text().split("## Metrics")[1]
        listed = set(re.findall(r"`((?:skein|process)_\w+)", page))
        self.read()
        # Only a worker that holds a lease has leases.
        served = set(self.families) | {"skein_worker_leases"}
        self.assertEqual(served, listed)
        dashboard = json.loads((root / "examples" / "grafana" / "skein.json").read_text())
        asked = {name for panel in dashboard["panels"] for target in panel["targets"]
                 for name in re.findall(r"\b(?:skein|process)_\w+", target["expr"])}
        self.assertLessEqual({re.sub("_bucket$", "", name) for name in asked}, listed)


if __name__ == "__main__":
    skein.main()
