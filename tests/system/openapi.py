"""The description of the HTTP interface as a judge: is an answer one that it allows?"""

import http.client
import json
import re
import urllib.parse

import jsonschema


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def type(self):
        return self.headers.get("Content-Type", "").split(";")[0]

    @property
    def json(self):
        return json.loads(self.body)


class Client:
    """Raw requests: whatever is asked for is sent as it stands."""

    def __init__(self, url, token=None):
        self.where, self.token = urllib.parse.urlparse(url), token

    def call(self, method, target, body=None, headers=None):
        sent = dict(headers or {})
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection(self.where.hostname, self.where.port, timeout=60)
        try:
            connection.request(method, target, body, sent)
            got = connection.getresponse()
            return Answer(got.status, got.headers, got.read())
        finally:
            connection.close()


class Document:
    def __init__(self, text):
        self.all = json.loads(text)
        assert self.all["openapi"].startswith("3.1."), "OpenAPI 3.1 has JSON Schema 2020-12"
        self.seen = set()  # (method, path, status) of all answers that were checked

    def operations(self):
        for path, methods in self.all["paths"].items():
            for method, operation in methods.items():
                yield method.upper(), path, operation

    def resolved(self, thing):
        while "$ref" in thing:
            _, *names = thing["$ref"].split("/")
            thing = self.all
            for name in names:
                thing = thing[name]
        return thing

    def parameters(self, operation):
        return [self.resolved(each) for each in operation.get("parameters", [])]

    def validator(self, schema):
        # A reference such as #/components/schemas/X is then one within the schema itself.
        whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "allOf": [schema],
                 "components": self.all["components"]}
        return jsonschema.Draft202012Validator(
            whole, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)

    def path_of(self, target):
        """The path of the document that a target is for: the most words of it, as the server."""
        path = urllib.parse.unquote(target.split("?")[0])
        fits = [name for name in self.all["paths"] if re.fullmatch(
            re.sub(r"\\\{\w+\\\}", "(.+)", re.escape(name)), path)]
        return max(fits, key=lambda name: len(re.sub(r"\{\w+\}", "", name)), default=None)

    def check(self, method, target, answer):
        """Fails unless the document allows this answer to that request; answers it."""
        path = self.path_of(target)
        shown = f"{method} {target}: {answer.status} {answer.body[:300]!r}"
        assert path, f"the document knows no {shown}"
        operation = self.all["paths"][path][method.lower()]
        responses = operation["responses"]
        assert str(answer.status) in responses, f"undocumented answer to {shown}"
        self.seen.add((method, path, answer.status))
        response = self.resolved(responses[str(answer.status)])
        for name, header in response.get("headers", {}).items():
            assert name in answer.headers, f"no {name} in {shown}"
            assert re.fullmatch(header["schema"]["pattern"], answer.headers[name]), shown
        content = response.get("content")
        if content is None:
            assert not answer.body, f"a body in {shown}"
            return answer
        assert answer.type in content, f"{answer.type} in {shown}"
        if answer.type.endswith("json"):
            faults = list(self.validator(content[answer.type]["schema"]).iter_errors(answer.json))
            assert not faults, f"{shown}\n{faults[0].message} at {list(faults[0].absolute_path)}"
        return answer
