"""Checks proofs and heads of Skein's audit trail, written from docs/audit.md alone.

It shares no code with Skein, so that the two can only agree if the document is right. As a program:
`audit_checker.py proof PROOF.json [KEY]` or `audit_checker.py heads FILE KEY`.
"""

import base64
import hashlib
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Wrong(Exception):
    """What does not hold."""


def require(condition, what):
    if not condition:
        raise Wrong(what)


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(record):
    return sha256(b"\0" + record)


def node_hash(left, right):
    return sha256(b"\1" + left + right)


def root_of(leaves):
    """The root over leaf hashes, by the definition (RFC 9162, section 2.1.1)."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(root_of(leaves[:split]), root_of(leaves[split:]))


def root_by_path(leaf, index, size, path):
    """RFC 9162, section 2.1.3.2, told from the root down: which side of it the leaf is on."""
    if size == 1:
        require(not path, "a path is too long")
        return leaf
    require(path, "a path is too short")
    split = 1
    while split * 2 < size:
        split *= 2
    if index < split:
        return node_hash(root_by_path(leaf, index, split, path[:-1]), path[-1])
    return node_hash(path[-1], root_by_path(leaf, index - split, size - split, path[:-1]))


def parse_key(text):
    """Name, id and key of `<name>+<id>+<base64>`."""
    name, key_id, encoded = text.split("+", 2)
    typed = base64.b64decode(encoded, validate=True)
    require(len(typed) == 33 and typed[0] == 1, "the key is not Ed25519")
    require(bytes.fromhex(key_id) == sha256(name.encode() + b"\n" + typed)[:4],
            "the key does not fit its id")
    return name, bytes.fromhex(key_id), typed[1:]


def parse_head(note):
    """Origin, size, root and time of a head, and its signatures as (name, key id, signature)."""
    text, _, tail = note.partition("\n\n")
    lines = text.split("\n")
    require(len(lines) >= 4 and lines[3].startswith("time "), "this is no head")
    signatures = []
    for line in tail.rstrip("\n").split("\n"):
        dash, name, encoded = line.split(" ")
        require(dash == "\u2014", "what follows the head is no signature")
        both = base64.b64decode(encoded, validate=True)
        signatures.append((name, both[:4], both[4:]))
    head = {"origin": lines[0], "size": int(lines[1]),
            "root": base64.b64decode(lines[2], validate=True), "time": lines[3][5:]}
    return head, (text + "\n").encode(), signatures


def check_head(note, key):
    """The head, if the key signed it."""
    head, signed, signatures = parse_head(note)
    name, key_id, public = parse_key(key)
    require(name == head["origin"], "the key is of another log")
    for signature in signatures:
        if signature[:2] == (name, key_id):
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(signature[2], signed)
                return head
            except InvalidSignature:
                raise Wrong("the signature is not that of the key") from None
    raise Wrong("the head is not signed with the key")


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        at += 1
        if data[at - 1] < 128:
            return value, at
        shift += 7


def record_fields(record):
    """The top level of a Protobuf message: field number to the values it has."""
    fields, at = {}, 0
    while at < len(record):
        tag, at = varint(record, at)
        kind = tag & 7
        if kind == 0:
            value, at = varint(record, at)
        else:
            if kind == 2:
                length, at = varint(record, at)
            else:
                length = {1: 8, 5: 4}[kind]
            value, at = record[at:at + length], at + length
        fields.setdefault(tag >> 3, []).append(value)
    return fields


def check_proof(proof, key=None):
    """The sequences of the events it proves, and the head."""
    require(proof["format"] == "skein audit proof 1", "this is no proof")
    require(key is None or key == proof["key"], "the proof is signed with another key")
    head = check_head(proof["head"], proof["key"])
    sequences = []
    for version, event in enumerate(proof["events"], 1):
        record = base64.b64decode(event["record"], validate=True)
        path = [base64.b64decode(each, validate=True) for each in event["path"]]
        sequence = event["sequence"]
        require(0 < sequence <= head["size"], f"event {sequence} is not covered by the head")
        root = root_by_path(leaf_hash(record), sequence - 1, head["size"], path)
        require(root == head["root"], f"event {sequence} is not in the log")
        fields = record_fields(record)
        require(fields[1] == [proof["migration"].encode()], f"event {sequence} is not of it")
        require(fields[2] == [version], f"event {sequence} is not number {version} of it")
        require(not sequences or sequence > sequences[-1], "events are out of order")
        sequences.append(sequence)
    require(sequences, "nothing is proved")
    return sequences, head


def notes_in(text):
    """The notes of a heads file."""
    parts = [part for part in text.split("\n\n") if part.strip("\n")]
    require(len(parts) % 2 == 0, "the file does not end with a whole head")
    return [f"{head.lstrip()}\n\n{signatures.rstrip()}\n"
            for head, signatures in zip(parts[::2], parts[1::2])]


def main(what, file, key=None):
    with open(file, encoding="utf-8") as opened:
        text = opened.read()
    if what == "proof":
        sequences, head = check_proof(json.loads(text), key)
        print(f"{len(sequences)} events are among the first {head['size']} of {head['origin']}")
    else:
        heads = [check_head(note, key) for note in notes_in(text)]
        print(f"{len(heads)} heads, the newest of {heads[-1]['size']} events")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Wrong as why:
        sys.exit(f"does not hold: {why}")
