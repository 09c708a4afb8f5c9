"""An endpoint for webhooks as a test wants it. Prints its port, then each request as a JSON line.

    webhook_sink.py STATUS[:RETRY_AFTER],...  [--secret whsec_...] [--tls CERTIFICATE KEY]

answers the first request with the first status and so on, and all later ones with the last; `hang`
is a request that is never answered. The signature is checked here, with nothing of Skein's: by the
text of https://www.standardwebhooks.com, and Python's own HMAC.
"""

import argparse
import base64
import hashlib
import hmac
import http.server
import json
import ssl
import threading
import time

given = argparse.ArgumentParser()
given.add_argument("answers")
given.add_argument("--secret")
given.add_argument("--tls", nargs=2)
given = given.parse_args()
answers = given.answers.split(",")
guard = threading.Lock()
seen = []


def is_signed(headers, body):
    key = base64.b64decode(given.secret.removeprefix("whsec_"), validate=True)
    if abs(int(headers["webhook-timestamp"]) - time.time()) > 60:
        return False
    text = f'{headers["webhook-id"]}.{headers["webhook-timestamp"]}.'.encode() + body
    wanted = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    version, _, got = (headers["webhook-signature"] or "").partition(",")
    return version == "v1" and hmac.compare_digest(wanted, got)


class Endpoint(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with guard:
            answer = answers[min(len(seen), len(answers) - 1)]
            seen.append(answer)
            print(json.dumps({"path": self.path, "headers": dict(self.headers),
                              "signed": bool(given.secret) and is_signed(self.headers, body),
                              "body": json.loads(body)}), flush=True)
        if answer == "hang":
            return threading.Event().wait()
        status, _, retry_after = answer.partition(":")
        text = b"ok" if status == "200" else b"no_such_channel"
        self.send_response(int(status))
        if retry_after:
            self.send_header("Retry-After", retry_after)
        if status == "302":
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
server.daemon_threads = True
if given.tls:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*given.tls)
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
