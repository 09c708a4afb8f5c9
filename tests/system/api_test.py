"""The HTTP interface of a real daemon, held against its own description.

Every operation of the document is called and every answer is validated, status, headers and body.
"""

import pathlib
import urllib.parse

import api_workspace as gates
import openapi
import skein_fixture as skein

WHO = {"actor": "system test", "reason": "to test"}
NAMES = ("books", "plays", "poems", "songs")


class ApiTest(skein.SystemTest):
    def begin(self):
        """A daemon with one migration done, one held, one parked and one under way."""
        self.gates = gates.make(skein.arguments[0], self.folder / "space", NAMES)
        self.daemon = self.start(self.folder / "space")
        self.client = openapi.Client(self.daemon.http)
        self.document = openapi.Document(self.client.call("GET", "/v1/openapi.json").body)
        self.called("POST", "/v1/scan", 200, WHO)
        for name in NAMES:
            gates.attempt(self.gates, name)
        for name, word in (("books", "pass"), ("plays", "hold"), ("poems", "fail")):
            gates.say(self.gates, name, word)
        for name, phase in (("books", "completed"), ("plays", "held"), ("poems", "parked")):
            gates.phase(self.daemon, f"{name}@v2", phase)

    def called(self, method, target, status, body=None, **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.client.call(method, target, body, sent)
        self.document.check(method, target, answer)
        self.assertEqual(answer.status, status, f"{method} {target}: {answer.body[:500]!r}")
        return answer

    def got(self, target, status=200, **headers):
        answer = self.called("GET", target, status, **headers)
        return answer.json if answer.body and answer.type.endswith("json") else answer

    def listed(self, query):
        return [each["id"] for each in self.got(f"/v1/migrations?{query}")["migrations"]]

    def test_every_operation(self):
        self.begin()
        self.reads()
        self.lists()
        self.pages()
        self.the_past()
        self.conditions()
        self.progress()
        self.orders()
        self.keys()
        self.steering()
        self.bulks()
        self.versions()
        self.secrets()
        missed = {(method, path) for method, path, _ in self.document.operations()} - {
            (method, path) for method, path, status in self.document.seen if status < 400}
        self.assertEqual(missed, set(), "operations of which no success was seen")

    def reads(self):
        for target in ("/healthz", "/readyz", "/v1/openapi.json", "/v1/fleet", "/v1/owners",
                       "/v1/owners/group%3Adefault%2Flibrary", "/v1/agents", "/v1/limits",
                       "/v1/agents/migration-agent", "/v1/workflows", "/v1/tokens", "/v1/replay",
                       "/v1/workflows/check-and-migrate", "/v1/migrations/books%40v2/events",
                       "/v1/diff?from=0", "/v1/datasets", "/metrics", "/metadata/datasets",
                       "/v1/migrations/books@v2/replay", "/metadata/datasets/books"):
            self.got(target)
        for base in ("/v1", "/metadata"):
            self.got(f"{base}/datasets/books/contracts/v2")
            self.got(f"{base}/datasets/books/mappings/v1..v2")
            consumers = self.got(f"{base}/datasets/books/consumers")["consumers"]
            self.assertEqual([each["name"] for each in consumers], ["books-list"])
        books = self.got("/v1/datasets/books")
        self.assertEqual((books["contracts"], books["mappings"]), (["v1", "v2"], ["v1..v2"]))
        self.assertEqual(self.got("/v1/status")["phases"]["held"], 1)
        whole = self.got("/v1/migrations/books@v2")
        self.assertEqual([each["status"] for each in whole["steps"]], ["succeeded", "succeeded"])
        tries = self.got("/v1/migrations/poems@v2/attempts")["attempts"]
        self.assertEqual([each["state"] for each in tries], ["failed"])
        self.assertIn("the gate is closed", tries[0]["why"])
        said = skein.wait_until(lambda: self.got("/v1/migrations/songs@v2/lines")["lines"],
                                "an attempt that runs is heard")
        self.assertEqual((said[0]["step"], said[0]["stream"]), ("check", "stderr"))
        self.assertRegex(said[0]["text"], r"^given \*\*\*$")
        poems = "/v1/migrations/poems@v2/lines"
        skein.wait_until(lambda: any("the gate is closed" in each["text"]
                                     for each in self.got(poems)["lines"]), "why it failed is said")
        self.assertEqual(len(self.got(f"{poems}?limit=1")["lines"]), 1)
        self.assertEqual(self.got(f"{poems}?after={self.got(poems)['next']}")["lines"], [])
        leases = self.got("/v1/leases")["leases"]
        self.assertEqual([each["migration"] for each in leases], ["songs@v2"])
        pools = self.got("/v1/pools")["pools"]
        self.assertEqual([each["running"] for each in pools], [1])
        skein.wait_until(lambda: self.got("/v1/heads")["heads"], "a head is signed")
        newest = self.got("/v1/heads/newest")
        self.assertIn(newest["log"], newest["note"])
        for target in ("/v1/migrations/nothing@v2", "/v1/migrations/nothing@v2/attempts",
                       "/v1/migrations/nothing@v2/lines",
                       "/v1/migrations/nothing@v2/events", "/v1/migrations/nothing@v2/replay",
                       "/v1/datasets/nothing", "/v1/owners/nothing", "/v1/agents/nothing",
                       "/v1/workflows/nothing", "/v1/datasets/books/contracts/v9"):
            self.got(target, 404)

    def lists(self):
        self.assertEqual(self.listed("state=held,parked"), ["plays@v2", "poems@v2"])
        self.assertEqual(self.listed("phase=held"), ["plays@v2"])
        self.assertEqual(self.listed("dataset=p*"), ["plays@v2", "poems@v2"])
        self.assertEqual(self.listed("text=GATE+IS+closed"), ["poems@v2"])
        self.assertEqual(self.listed("label=storage=local-disk,owner=group:default/library"),
                         ["books@v2", "plays@v2"])
        self.assertEqual(self.listed("owner=group%3Adefault%2Flibrary&state=held"), ["plays@v2"])
        failures = self.got("/v1/failures")
        self.assertEqual({each["example"]: each["count"] for each in failures["failures"]},
                         {"plays@v2": 1, "poems@v2": 1})
        for each in failures["failures"]:
            self.assertEqual(self.listed(f"failure={each['id']}"), [each["example"]])
        self.assertEqual(self.got("/v1/failures?state=held")["migrations"], 1)
        self.got("/v1/failures?sort=id", 400)
        self.assertEqual(self.listed("older_than=1h"), [])
        self.assertEqual(len(self.listed("younger_than=1h")), 4)
        self.assertEqual(self.listed("idle_for=1h"), [])
        scan = self.got("/v1/migrations/books@v2")["scan"]
        self.assertEqual(len(self.listed(f"scan={scan}")), 4)

    def pages(self):
        """In each order the pages put together are the whole list, and none comes twice."""
        for sort in ("", "id", "-id", "changed", "-changed", "requested", "-attempts", "owner"):
            whole = self.listed(f"sort={sort}")
            self.assertEqual(sorted(whole), [f"{name}@v2" for name in NAMES])
            found, after = [], ""
            while after is not None:
                page = self.got(f"/v1/migrations?sort={sort}&limit=1&after="
                                + urllib.parse.quote(after, safe=""))
                found += [each["id"] for each in page["migrations"]]
                after = page["next"]
            self.assertEqual(found, whole, sort)
        self.assertEqual(self.listed("sort=-attempts")[0], "books@v2")
        first = self.got("/v1/migrations?sort=changed&limit=1")["next"]
        self.got(f"/v1/migrations?sort=-changed&after={first}", 400)
        self.got("/v1/migrations?sort=changed&after=nonsense", 400)

    def the_past(self):
        self.assertEqual(self.listed("at=0"), [])
        self.assertEqual(len(self.listed("at=-0s")), 4)
        events = self.got("/v1/events?limit=1000")["events"]
        started = next(int(each["sequence"]) for each in events
                       if each["migration"] == "books@v2" and each["type"] == "attempt_succeeded")
        then = self.got(f"/v1/migrations/books@v2?at={started - 1}")
        self.assertEqual(then["steps"][0]["status"], "running")
        tries = self.got(f"/v1/migrations/books@v2/attempts?at={started - 1}")["attempts"]
        self.assertEqual([each["state"] for each in tries], ["running"])
        self.assertIn("books@v2", self.listed(f"at={started - 1}&state=running"))
        self.got("/v1/migrations/books@v2?at=0", 404)

    def conditions(self):
        for target in ("/v1/migrations/books@v2", "/v1/datasets/books", "/metadata/datasets/books",
                       "/v1/owners/group:default/library"):
            tag = self.called("GET", target, 200).headers["ETag"]
            self.called("GET", target, 304, If_None_Match=tag)
            self.called("GET", target, 304, If_None_Match=f'"0", W/{tag}')
            self.called("GET", target, 200, If_None_Match='"0"')
            head = self.client.call("HEAD", target)
            self.assertEqual((head.status, head.body), (200, b""))
            self.assertGreater(int(head.headers["Content-Length"]), 2)

    def progress(self):
        given = gates.attempt(self.gates, "songs")
        target = urllib.parse.urlparse(given["SKEIN_PROGRESS_URL"]).path
        mine = {"Authorization": f"Bearer {given['SKEIN_TOKEN']}"}
        tell = {"sequence": 2, "progress": 0.5, "message": "half way"}
        self.called("POST", target, 200, tell, **mine)
        told = self.called("POST", target, 200, {"sequence": 1, "progress": 0.2}, **mine).json
        self.assertEqual((told["sequence"], told["progress"]), (2, 0.5), "overtaken")
        tries = self.got("/v1/migrations/songs@v2/attempts")["attempts"]
        self.assertEqual(tries[0]["progress"]["message"], "half way")
        self.called("POST", target, 403, tell)
        other = urllib.parse.urlparse(gates.attempt(self.gates, "plays")["SKEIN_PROGRESS_URL"]).path
        self.called("POST", other, 403, tell, **mine)
        over = {"Authorization": f"Bearer {gates.attempt(self.gates, 'plays')['SKEIN_TOKEN']}"}
        self.called("POST", other, 401, tell, **over)
        self.called("GET", "/v1/datasets/songs", 200, **mine)
        self.called("GET", "/v1/migrations", 403, **mine)

    def orders(self):
        tag = self.called("GET", "/v1/migrations/plays@v2", 200).headers["ETag"]
        order = "/v1/migrations/plays@v2/approve"
        self.called("POST", order, 412, WHO, If_Match='"1"')
        self.rehearse("plays@v2", "approve", "approved")
        self.called("POST", order, 200, WHO, If_Match=tag)
        would = self.called("POST", order + "?dry_run=true", 409, WHO).json["detail"]
        self.assertEqual(would, self.called("POST", order, 409, WHO).json["detail"])
        self.called("POST", "/v1/migrations/nothing@v2/retry", 404, WHO)
        self.called("POST", "/v1/migrations/songs@v2/pause", 200, WHO)
        self.called("POST", "/v1/migrations/songs@v2/pause", 409, WHO)
        self.called("POST", "/v1/migrations/songs@v2/resume", 200, WHO)
        self.called("POST", "/v1/migrations/songs@v2/resume", 409, WHO)
        self.answers_and_steps()
        gates.say(self.gates, "poems", "pass")
        self.called("POST", "/v1/migrations/poems@v2/retry", 200, WHO)
        gates.phase(self.daemon, "poems@v2", "completed")
        self.back_and_again()
        events = self.got("/v1/migrations/plays@v2/events?type=approved")["events"]
        self.assertEqual([(each["actor"], each["reason"]) for each in events],
                         [("system test", "to test")])

    def rehearse(self, migration, order, event):
        """What the order would do; nothing of it happens."""
        before = self.daemon.events()
        would = self.called("POST", f"/v1/migrations/{migration}/{order}?dry_run=true", 200,
                            WHO).json
        self.assertTrue(would["dry_run"])
        self.assertIn(event, [each["type"] for each in would["events"]])
        self.assertEqual(self.got(f"/v1/migrations/{migration}")["phase"], would["phase"])
        said = [(each["actor"], each["reason"]) for each in would["events"]]
        self.assertEqual(set(said), {(WHO["actor"], WHO["reason"])})
        self.assertEqual(self.got(f"/v1/migrations/{migration}/events?type={event}")["events"], [])
        self.assertGreaterEqual(self.daemon.events(), before)

    def answers_and_steps(self):
        songs = "/v1/migrations/songs@v2/"
        for order, more in [("hold", {}), ("reject", {}), ("retry", {}),
                            ("priority", {"priority": 7}),
                            ("override-input", {"step": "check", "input": {"limit": 1}})]:
            self.called("POST", songs + order, 200, {**WHO, **more})
            if order != "reject":
                self.called("POST", songs + order, 409, {**WHO, **more})
        shown = self.got("/v1/migrations/songs@v2")
        self.assertEqual((shown["priority"], shown["question"]), (7, None))
        self.assertEqual([x.get("input") for x in shown["steps"] if x["name"] == "check"],
                         [{"limit": 1}])
        self.called("POST", songs + "override-input", 200, {**WHO, "step": "check", "input": None})
        self.called("POST", songs + "skip", 409, {**WHO, "step": "check"})
        self.called("POST", songs + "retry", 409, {**WHO, "step": "check"})
        self.called("POST", songs + "rollback", 409, WHO)
        self.called("POST", songs + "skip", 200, {**WHO, "step": "migrate"})

    def back_and_again(self):
        """The old version is put back by the fleet's agent, then the migration is done again."""
        before = self.got("/v1/datasets/poems")["current_version"]
        self.called("POST", "/v1/migrations/poems@v2/rollback", 200, WHO)
        gates.phase(self.daemon, "poems@v2", "rolled_back")
        after = self.got("/v1/datasets/poems")["current_version"]
        self.assertEqual((before, after), ("v2", "v1"))
        kept = self.got("/v1/migrations/poems@v2")["steps"][-1]["output"]["kept"]
        self.assertTrue((pathlib.Path(kept) / "_skein.json").exists(), kept)
        again = "/v1/migrations/poems@v2/retry"
        self.called("POST", again, 200, {**WHO, "step": "check"})
        gates.phase(self.daemon, "poems@v2", "completed")
        self.assertEqual(self.got("/v1/datasets/poems")["current_version"], "v2")

    def keys(self):
        """The same request is done once, also for a daemon that was started again."""
        order = "/v1/migrations/songs@v2/cancel"
        first = self.called("POST", order, 200, WHO, Idempotency_Key="one")
        again = self.called("POST", order, 200, WHO, Idempotency_Key="one")
        self.assertEqual(again.body, first.body)
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        other = {**WHO, "reason": "another"}
        self.called("POST", order, 422, other, Idempotency_Key="one")
        self.called("POST", "/v1/migrations/books@v2/cancel", 422, WHO, Idempotency_Key="one")
        self.called("POST", order, 409, WHO, Idempotency_Key="two")
        self.daemon.kill()
        self.daemon = self.start(self.folder / "space")
        self.client = openapi.Client(self.daemon.http)
        after = self.called("POST", order, 200, WHO, Idempotency_Key="one")
        self.assertEqual(after.body, first.body)
        self.called("POST", order, 422, other, Idempotency_Key="one")

    def secrets(self):
        """The agents said their tokens aloud: nothing has them."""
        everything = b"".join(file.read_bytes() for file in (self.folder / "space").rglob("*")
                              if file.is_file())
        everything += self.client.call("GET", "/v1/events?limit=1000").body
        self.assertIn(b'"said":"***"', everything)
        for name in NAMES:
            token = gates.attempt(self.gates, name)["SKEIN_TOKEN"]
            self.assertNotIn(token.encode(), everything)

    def steering(self):
        """What holds for the fleet as a whole; each change is an event with who and why."""
        self.assertFalse(self.got("/v1/steering")["halted"])
        self.called("POST", "/v1/go", 409, WHO)
        would = self.called("POST", "/v1/halt?dry_run=true", 200, WHO).json
        self.assertEqual([each["type"] for each in would["events"]], ["halted"])
        self.assertFalse(self.got("/v1/steering")["halted"])
        self.called("POST", "/v1/halt?dry_run=perhaps", 400, WHO)
        would = self.called("POST", "/v1/scan?dry_run=true", 200, WHO).json
        self.assertEqual(would["would_ask_for"], [])
        self.assertTrue(self.called("POST", "/v1/halt", 200, WHO).json["halted"])
        self.called("POST", "/v1/halt", 409, WHO)
        after = self.called("POST", "/v1/go", 200, {**WHO, "ramp_seconds": 3600}).json
        self.assertEqual((after["halted"], after["ramp_until"] is not None), (False, True))
        film = {**WHO, "scope": "owner", "name": "group:default/library"}
        paused = self.called("POST", "/v1/pause", 200, film).json["paused"]
        self.assertEqual(paused["owners"], ["group:default/library"])
        self.called("POST", "/v1/pause", 409, film)
        self.called("POST", "/v1/resume", 200, film)
        self.called("POST", "/v1/pause", 400, {**WHO, "scope": "pool", "name": "nonsense"})
        self.called("POST", "/v1/limits", 200, {**WHO, "name": "running", "value": 5})
        self.called("POST", "/v1/limits", 400, {**WHO, "name": "agent:nobody", "value": 5})
        limits = self.got("/v1/limits")
        self.assertEqual((limits["running"], limits["changed"]), (5, {"running": 5}))
        self.called("POST", "/v1/limits", 200, {**WHO, "name": "running", "value": None})
        told = self.got("/v1/events?type=limit_changed")["events"]
        self.assertEqual([(each["actor"], each["reason"]) for each in told],
                         [("system test", "to test")] * 2)
        self.assertNotIn("@fleet@", self.listed(""))

    def bulks(self):
        order = {**WHO, "order": "priority", "priority": 3, "filter": {"dataset": "*o*"}}
        open_ones = {**order, "filter": {"dataset": "*", "state": "running,held,parked"}}
        self.called("POST", "/v1/bulks", 400, {**order, "filter": {"nonsense": "1"}})
        counted = self.called("POST", "/v1/bulks", 200, {**open_ones, "dry_run": True}).json
        self.assertEqual(counted["count"], len(counted["first"]))
        begun = self.called("POST", "/v1/bulks", 200, order).json
        one = f"/v1/bulks/{begun['id']}"
        skein.wait_until(lambda: self.got(one)["status"] == "ended", "the bulk is over")
        over = self.got(one)
        self.assertEqual(over["obeyed"] + over["refused"],
                         len(self.listed("dataset=*o*")), over)
        self.called("POST", one + "/stop", 409, WHO)
        self.called("POST", "/v1/bulks/99/stop", 404, WHO)
        self.assertEqual([each["id"] for each in self.got("/v1/bulks")["bulks"]], [begun["id"]])

        def stopped():
            """Four are ordered about in a moment: sooner or later it is stopped before."""
            last = self.called("POST", "/v1/bulks", 200, order).json["id"]
            answer = self.client.call("POST", f"/v1/bulks/{last}/stop", WHO, {})
            self.document.check("POST", f"/v1/bulks/{last}/stop", answer)
            return answer.status == 200
        skein.wait_until(stopped, "a bulk is stopped")

    def versions(self):
        for base in ("/v1", "/metadata"):
            target = f"{base}/datasets/songs"
            tag = self.called("GET", target, 200).headers["ETag"]
            now = self.got(target)["current_version"]
            to = {"expected": now, "version": "v2" if now == "v1" else "v1", "by": "test"}
            self.called("POST", f"{target}/version", 412, to, If_Match='"0"')
            self.called("POST", f"{target}/version", 409, {**to, "expected": "v9"})
            self.called("POST", f"{target}/version", 200, to, If_Match=tag)
            self.called("POST", f"{base}/datasets/nothing/version", 404, to)


if __name__ == "__main__":
    skein.main()
