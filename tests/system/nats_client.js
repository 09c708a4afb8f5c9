// A third party on the bus, with the npm package `nats` and nothing of Skein's. NATS_USER and
// NATS_PASSWORD say who it is.
//
//   node nats_client.js <modules> <nats url> request <dataset>   asks for its migration to v2
//   node nats_client.js <modules> <nats url> watch <dataset>     its events until it rests
//   node nats_client.js <modules> <nats url> garbage             a request that makes no sense, and
//                                                                the dead letter that answers it
"use strict";

const path = require("path");
const [modules, servers, what, dataset] = process.argv.slice(2);
const { connect, consumerOpts, headers, StringCodec } = require(path.join(modules, "nats"));

const actions = "honk.actions.migrate";
const text = StringCodec();

function asJson() {
  const result = headers();
  result.set("Content-Type", "application/json");
  return result;
}

async function request(bus) {
  const wish = { dataset, currentVersion: "v1", targetVersion: "v2", scan: "by-hand" };
  const taken = await bus.jetstream().publish(actions, text.encode(JSON.stringify(wish)),
    { headers: asJson() });
  console.log(JSON.stringify({ stream: taken.stream }));
}

async function watch(bus) {
  const options = consumerOpts().orderedConsumer().deliverAll();
  const status = await bus.jetstream().subscribe(`skein.v1.status.${dataset}.>`, options);
  for await (const message of status) {
    const event = JSON.parse(text.decode(message.data));
    console.log(JSON.stringify({ subject: message.subject, id: message.headers?.get("Nats-Msg-Id"),
      event }));
    if (["completed", "held", "parked"].includes(event.type))
      return;
  }
}

async function garbage(bus) {
  const letters = bus.subscribe("skein.v1.dead_letter.migrate", { max: 1 });
  await bus.flush();
  await bus.jetstream().publish(actions, text.encode("{ honk"), { headers: asJson() });
  for await (const message of letters)
    console.log(JSON.stringify({ contentType: message.headers?.get("Content-Type"),
      body: text.decode(message.data) }));
}

async function main() {
  const { NATS_USER: user, NATS_PASSWORD: pass } = process.env;
  // Replies come where the user may hear them (docs/bus.md).
  const inboxPrefix = user ? `_INBOX.${user}` : undefined;
  const bus = await connect({ servers, user, pass, inboxPrefix, reconnect: false });
  await { request, watch, garbage }[what](bus);
  await bus.drain();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
