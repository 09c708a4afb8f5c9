"""Hundreds of bad requests, made from the description of the HTTP interface: each is answered with
a problem document of 400 to 499, and the daemon goes on as if nothing had been."""

import contextlib
import json
import socket
import urllib.parse

import api_workspace as gates
import openapi
import skein_fixture as skein

WHO = {"actor": "system test", "reason": "to test"}
PATHS = {"id": "books@v2", "dataset": "books", "version": "v2", "versions": "v1..v2",
         "ref": "group:default/library", "name": "migration-agent", "attempt": "books@v2:1",
         "bulk": "1"}
BODIES = {"Order": WHO, "RetryOrder": {**WHO, "step": "check"},
          "StepOrder": {**WHO, "step": "check"},
          "InputOrder": {**WHO, "step": "check", "input": {"limit": 1}},
          "GoOrder": {**WHO, "ramp_seconds": 1},
          "LimitOrder": {**WHO, "name": "running", "value": 1},
          "ScopeOrder": {**WHO, "scope": "owner", "name": "film"},
          "BulkOrder": {**WHO, "order": "retry", "filter": {}, "dry_run": True},
          "PriorityOrder": {**WHO, "priority": 1},
          "VersionChange": {"expected": "v1", "version": "v1"},
          "TellProgress": {"sequence": 1, "progress": 0.5}}
# No parameter takes these, whatever it is.
NEVER = ["%00", "a%0Ab", "%FF", "%C0%AF", "x" * 3000, "%1B%5B31m", "*" * 9]


def wrong_values(schema):
    """Values, as text, that a parameter's schema refuses."""
    kind = schema.get("type")
    if kind == "integer":
        yield from ("", "x", "-1", "1.5", "1e3", "0x10", "+1", "99999999999999999999999")
        if schema.get("minimum", 0) > 0:
            yield str(schema["minimum"] - 1)
        if "maximum" in schema:
            yield str(schema["maximum"] + 1)
    elif "enum" in schema:
        yield from ("nonsense", schema["enum"][0].upper() + "X", schema["enum"][0] + ",")
    elif "pattern" in schema:
        yield from ("nonsense", "-", "%25", "2026-13-01T00:00:00Z")


def wrong_bodies(document, schema):
    """Bodies that are no JSON, or not of the schema, with what is wrong."""
    good = BODIES[schema["$ref"].rsplit("/", 1)[1]]
    whole = document.resolved(schema)
    for text in (b"", b"{", b"nonsense", b"[]", b"null", b"7", b'"text"', b'{"a":}', b"\xff\xfe",
                 b"{}", b"[" * 5000, b'{"a":' * 5000, json.dumps(good).encode()[:-1],
                 json.dumps(good).encode() + b"x"):
        yield text
    yield json.dumps({**good, "unknown": 1}).encode()
    for name in whole["required"]:
        if name == "reason" or name in good:
            yield json.dumps({k: v for k, v in good.items() if k != name}).encode()
    for name, member in whole["properties"].items():
        member = document.resolved(member)
        values = [None, [], {}, True]
        if member.get("type") == "string":
            values += [7, 0.5]
            if "minLength" in member:
                values += ["", "  \n" if "pattern" in member else ""]
            if "maxLength" in member:
                values += ["x" * (member["maxLength"] + 1)]
        if member.get("type") in ("integer", "number"):
            values += ["1", -1, 1e300, member.get("maximum", 1 << 70) + 1]
        if member.get("type") == "integer":
            values += [0, 1.5, 1 << 64]
        for value in values:
            wrong = {**good, name: value}
            if name != "by" and not document.validator(schema).is_valid(wrong):
                yield json.dumps(wrong).encode()


class BadRequests(skein.SystemTest):
    def setUp(self):
        super().setUp()
        self.gates = gates.make(skein.arguments[0], self.folder / "space", ["books"])
        self.daemon = self.start(self.folder / "space")
        self.client = openapi.Client(self.daemon.http)
        self.document = openapi.Document(self.client.call("GET", "/v1/openapi.json").body)
        self.daemon.scan()
        self.attempt = gates.attempt(self.gates, "books")
        self.count, self.faults = 0, []
        self.events = self.daemon.events()

    def refused(self, *request, **options):
        """Notes what is wrong and goes on: one run then names all there is."""
        self.count += 1
        try:
            self.check_refused(*request, **options)
        except (AssertionError, OSError) as fault:
            self.faults.append(str(fault)[:600])

    def check_refused(self, method, target, body=None, headers=None, documented=True):
        answer = self.client.call(method, target, body, headers)
        shown = f"{method} {target[:200]} {str(body)[:200]} {headers}"
        self.assertIn(answer.status, range(400, 500), f"{shown}: {answer.body[:300]!r}")
        self.assertEqual(answer.type, "application/problem+json", shown)
        problem = answer.json
        self.assertEqual(problem["status"], answer.status, shown)
        self.assertTrue(problem["title"] and problem["detail"], shown)
        if documented:
            self.document.check(method, target, answer)

    def target_of(self, path, **instead):
        for name, value in {**PATHS, **instead}.items():
            path = path.replace("{" + name + "}", urllib.parse.quote(value, safe="@:/"))
        return path

    def post_headers(self, path):
        token = self.attempt["SKEIN_TOKEN"] if "/attempts/" in path else None
        return {"Content-Type": "application/json",
                **({"Authorization": f"Bearer {token}"} if token else {})}

    def test_all_of_them(self):
        for method, path, operation in list(self.document.operations()):
            guarded = operation.get("security") != []
            self.bad_methods(path)
            if guarded:
                self.bad_credentials(method, path)
                self.bad_parameters(method, path, operation)
                self.bad_paths(method, path)
            if "requestBody" in operation:
                self.bad_bodies(path, operation)
                self.bad_headers(path, operation)
        self.bad_bytes()
        self.assertEqual(self.faults, [], f"{len(self.faults)} faults")
        self.assertGreater(self.count, 1000)
        print(f"{self.count} bad requests", flush=True)
        self.assertEqual(self.client.call("GET", "/healthz").status, 200)
        self.assertIsNone(self.daemon.process.poll())
        self.assertEqual(self.daemon.events(), self.events, "none of them did anything")
        gates.say(self.gates, "books", "pass")
        gates.phase(self.daemon, "books@v2", "completed")

    def bad_methods(self, path):
        takes = {name.upper() for name in self.document.all["paths"][path]}
        for method in {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO"} - takes:
            self.refused(method, self.target_of(path), documented=False)

    def bad_credentials(self, method, path):
        for value in ("Basic YTpi", "Bearer", "Bearer x", "Bearer skein_attempt_zz_", "nonsense",
                      "Bearer skein_attempt_626f6f6b73407632_x"):
            self.refused(method, self.target_of(path), headers={"Authorization": value})
        self.refused(method, self.target_of(path), headers={"Host": "evil.example:80"})

    def bad_parameters(self, method, path, operation):
        target, headers = self.target_of(path), None
        body = None
        if method == "POST":
            headers = self.post_headers(path)
            body = json.dumps(BODIES[operation["requestBody"]["content"]["application/json"][
                "schema"]["$ref"].rsplit("/", 1)[1]]).encode()
        self.refused(method, f"{target}?nonsense=1", body, headers)
        self.refused(method, f"{target}?%zz=1", body, headers)
        given = [each for each in self.document.parameters(operation) if each["in"] == "query"]
        for each in given:
            # What must be there is there, so that nothing else is wrong.
            others = "".join(f"&{other['name']}=0" for other in given
                             if other.get("required") and other is not each)
            for value in [*wrong_values(each["schema"]), *NEVER]:
                self.refused(method, f"{target}?{each['name']}={value}{others}")

    def bad_paths(self, method, path):
        for name in PATHS:
            if "{" + name + "}" not in path:
                continue
            for value in ("%00", "%FF", "x" * 3000, "%0A", "nothing-of-this-name@v0:9", "%zz"):
                target = self.target_of(path.replace("{" + name + "}", value))
                body = json.dumps(WHO).encode() if method == "POST" else None
                headers = self.post_headers(path) if method == "POST" else None
                self.refused(method, target, body, headers, documented=False)

    def bad_bodies(self, path, operation):
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        target, headers = self.target_of(path), self.post_headers(path)
        lenient = path.startswith("/metadata")
        for body in wrong_bodies(self.document, schema):
            if not (lenient and b'"unknown"' in body):
                self.refused("POST", target, body, headers)
        # Bodies of which the server need not read all before it knows.
        self.refused("POST", target, b'{"reason": "' + b"x" * (1 << 20) + b'"}', headers)

    def bad_headers(self, path, operation):
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        good = json.dumps(BODIES[schema["$ref"].rsplit("/", 1)[1]]).encode()
        target, headers = self.target_of(path), self.post_headers(path)
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
            self.refused("POST", target, good, {**headers, "Content-Type": kind})
        for key in ("x" * 256, "with blank", "tab\there", "\x80"):
            self.refused("POST", target, good, {**headers, "Idempotency-Key": key})
        if any(each["name"] == "If-Match" for each in self.document.parameters(operation)):
            for tag in ("1", '"x"', 'W/"1"', '"1', '"-1"', '"99999999999999999999"', '"1", "2"'):
                self.refused("POST", target, good, {**headers, "If-Match": tag})
        self.refused("POST", target, good, {**headers, "X-Long": "x" * 20000})

    def bad_bytes(self):
        """What is hardly HTTP: an answer of 400, or an end; and no harm."""
        where = (self.client.where.hostname, self.client.where.port)
        for text in (b"\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/3.0\r\n\r\n",
                     b"\x16\x03\x01\x02\x00", b"GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                     b"POST /v1/scan HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
                     b"POST /v1/scan HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n"
                     b"\r\n", b"POST /v1/scan HTTP/1.1\r\nHost: localhost\r\n"
                     b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", b"A" * 40000):
            with socket.create_connection(where, timeout=60) as raw:
                raw.sendall(text)
                raw.shutdown(socket.SHUT_WR)
                got = b""
                with contextlib.suppress(ConnectionResetError):
                    while part := raw.recv(65536):
                        got += part
            if got:
                self.assertRegex(got, rb"^HTTP/1.1 4\d\d ", text[:60])
            self.count += 1
        for target in ("/v1/events", "/v1/migrations/books@v2/events"):
            for last in ("nonsense", "-1", "1.5", "99999999999"):
                headers = {"Accept": "text/event-stream", "Last-Event-ID": last}
                if target == "/v1/events":
                    self.refused("GET", target, headers=headers)


if __name__ == "__main__":
    skein.main()
