"""Reads an exported log as docs/log-export.md describes it, and shares no code with Skein: only
Python's standard library and the `zstd` program. Prints one JSON object; fails on anything that
does not fit. usage: read_export.py FILE"""
import hashlib
import json
import subprocess
import sys

MAGIC = b"SKEINLOG"


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def fields(data):
    """A Protobuf message of varints (type 0) and bytes (type 2), by field number."""
    found, at = {}, 0
    while at < len(data):
        key, at = varint(data, at)
        value, at = varint(data, at)
        if key & 7 == 2:
            value, at = data[at : at + value], at + value
        found[key >> 3] = value
    return found


def delimited(data, at=0):
    while at < len(data):
        start = at
        size, at = varint(data, at)
        assert at + size <= len(data), "cut off"
        yield data[start : at + size], fields(data[at : at + size])
        at += size


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def be64(value):
    return value.to_bytes(8, "big")


def merkle_root(leaves):
    """RFC 9162, section 2.1.1, word for word."""
    if not leaves:
        return sha256()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01", merkle_root(leaves[:k]), merkle_root(leaves[k:]))


def decompress(frame):
    return subprocess.run(["zstd", "-dc"], input=frame, stdout=subprocess.PIPE, check=True).stdout


def read(path):
    """What the export says of itself, and its records in order as (sequence, stream, bytes)."""
    with open(path, "rb") as file:
        data = file.read()
    assert data.startswith(MAGIC)
    header = chain = trailer = None
    frames, records = 0, []
    for section, what in delimited(data, len(MAGIC)):
        assert trailer is None, "something follows the trailer"
        (kind, body), = what.items()
        part = fields(body)
        if kind == 1:
            assert header is None and part[1] == 1
            header, chain = part, sha256(MAGIC, section)
        elif kind == 2:
            frames += 1
            assert part[4] == sha256(part[6])
            chain = sha256(chain, be64(part[1]), be64(part[2]), be64(part[3]), part[4])
            assert part[5] == chain
            read_frame(part, header[3] + len(records), records)
        else:
            trailer = part
    leaves = [sha256(b"\x00", record) for _, _, record in records]
    last = records[-1][0] if records else 0
    root = merkle_root(leaves)
    assert trailer.get(1, 0) == frames and trailer.get(2, 0) == len(records)
    assert trailer.get(3, 0) == last and trailer[4] == chain and trailer[5] == root
    return {"log": header[2].decode(), "first_sequence": header[3], "last_sequence": last,
            "events": len(records), "frames": frames, "chain": chain.hex(),
            "merkle_root": root.hex()}, records


def read_frame(part, first, records):
    raw = decompress(part[6])
    assert part[1] == first and len(raw) == part[3]
    for _, entry in delimited(raw):
        assert entry[1] == first
        assert fields(entry[3])[1] == entry[2], "a record of another stream"
        records.append((entry[1], entry[2].decode(), entry[3]))
        first += 1
    assert first - part[1] == part[2]


def main():
    says, records = read(sys.argv[1])
    says["streams"] = {}
    for _, stream, _ in records:
        says["streams"][stream] = says["streams"].get(stream, 0) + 1
    print(json.dumps(says))


if __name__ == "__main__":
    main()
