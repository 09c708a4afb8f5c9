"""A client of NATS that knows only its public protocol, so that what Skein is told, and tells, is
seen by nothing of Skein's. (https://docs.nats.io/reference/reference-protocols/nats-protocol)
"""

import contextlib
import itertools
import json
import socket
import time
import urllib.parse

PATIENCE = 2  # seconds for an answer; the server may be killed at any moment


class Down(Exception):
    """The server is not there, or went away."""


class Wire:
    """One connection. Not for several threads at once."""

    def __init__(self, url):
        where = urllib.parse.urlparse(url)
        self._inboxes = itertools.count(1)
        self._left = b""
        with self._down():
            self._socket = socket.create_connection((where.hostname, where.port), PATIENCE)
            self._line(time.monotonic() + PATIENCE)  # INFO
            self._send("CONNECT", {"verbose": False, "headers": True, "no_responders": True})

    def close(self):
        with contextlib.suppress(OSError):
            self._socket.close()

    def subscribe(self, subject):
        """From now on; next() has the messages. Returns once the server knows."""
        with self._down():
            self._socket.sendall(f"SUB {subject} 1\r\nPING\r\n".encode())
            deadline = time.monotonic() + PATIENCE
            while self._line(deadline) != b"PONG":
                pass

    def next(self, patience):
        """The next message as (subject, payload); None if none comes in time."""
        deadline = time.monotonic() + patience
        with self._down():
            while True:
                try:
                    line = self._line(deadline)
                except TimeoutError:
                    return None
                if line == b"PING":
                    self._socket.sendall(b"PONG\r\n")
                elif line.startswith((b"MSG ", b"HMSG ")):
                    words = line.split()
                    body = self._bytes(int(words[-1]), time.monotonic() + PATIENCE)
                    header = int(words[-2]) if words[0] == b"HMSG" else 0
                    return words[1].decode(), body[header:]

    def publish_durably(self, subject, value):
        """Sends JSON to a stream; the stream's acknowledgement, or Down if none came."""
        inbox = f"_INBOX.crash.{id(self)}.{next(self._inboxes)}"
        header = b"NATS/1.0\r\nContent-Type: application/json\r\n\r\n"
        body = header + json.dumps(value).encode()
        with self._down():
            self._socket.sendall(f"SUB {inbox} 2\r\nUNSUB 2 1\r\n"
                                 f"HPUB {subject} {inbox} {len(header)} {len(body)}\r\n".encode()
                                 + body + b"\r\n")
        answer = self.next(PATIENCE)
        if answer is None or not answer[1] or "error" in (ack := json.loads(answer[1])):
            raise Down(f"no acknowledgement: {answer}")
        return ack

    def _send(self, verb, value):
        self._socket.sendall(f"{verb} {json.dumps(value)}\r\n".encode())

    def _more(self, deadline):
        self._socket.settimeout(max(0.001, deadline - time.monotonic()))
        more = self._socket.recv(1 << 16)
        if not more:
            raise ConnectionError("closed")
        self._left += more

    def _line(self, deadline):
        while b"\r\n" not in self._left:
            self._more(deadline)
        line, self._left = self._left.split(b"\r\n", 1)
        return line

    def _bytes(self, count, deadline):
        while len(self._left) < count + 2:
            self._more(deadline)
        body, self._left = self._left[:count], self._left[count + 2:]
        return body

    @contextlib.contextmanager
    def _down(self):
        try:
            yield
        except OSError as error:
            raise Down(str(error)) from error
