"""A real SMTP server (aiosmtpd) for tests: prints its port, then each mail it takes, as JSON lines.

Usage: smtp_sink.py [CERTIFICATE KEY [REQUIRED_USER REQUIRED_PASSWORD]]
Recipients named nobody@... are refused with 550, busy@... with 451. A mail whose data holds
"REFUSE-DATA" is refused with 554.
"""
import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Sink:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 no such user"
        if address.startswith("busy@"):
            return "451 4.2.0 mailbox busy"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        text = envelope.content.decode("utf-8", "replace")
        if "REFUSE-DATA" in text:
            return "554 5.7.1 not wanted"
        say({"from": envelope.mail_from, "to": envelope.rcpt_tos, "data": text,
             "tls": session.ssl is not None, "peer": session.peer[1]})
        return "250 OK"


def say(value):
    print(json.dumps(value), flush=True)


def login(user, password):
    def check(server, session, envelope, mechanism, data):
        given = (data.login.decode(), data.password.decode())
        # Not handled: the library answers a failure with 535 by itself.
        return AuthResult(success=given == (user, password), handled=False)

    return check


async def main(arguments):
    options = {}
    if arguments:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*arguments[:2])
        options["tls_context"] = context
    if len(arguments) == 4:
        options.update(auth_required=True, authenticator=login(*arguments[2:]))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Sink(), hostname="sink", loop=loop, **options), "127.0.0.1", 0)
    say(server.sockets[0].getsockname()[1])
    await server.serve_forever()


asyncio.run(main(sys.argv[1:]))
