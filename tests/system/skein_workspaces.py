"""Workspaces for the system tests, cut from examples/."""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess

# Of every kind: two that are held, a dot and capitals in ids, nested records, CSV, JSON, Parquet.
SUBSET = ("SP500", "cars", "earthquakes", "miserables", "population.us", "seattle-weather",
          "stocks", "weekly-weather", "wheat", "zipcodes")
SUBSET_HELD = ("cars", "stocks")


def _copy(example, target):
    made = "data" if example.name == "vega" else "v2"
    shutil.copytree(example, target, ignore=shutil.ignore_patterns(".skein", "outbox", made))
    # AddressSanitizer reserves terabytes of addresses, more than any limit would leave.
    if example.name == "vega" and os.environ.get("SKEIN_SANITIZE") == "address":
        change(target / "agents/migration-agent.yaml", ("  memory: 2GiB\n", ""))


def first(examples, target):
    """The workspace of ten books."""
    _copy(pathlib.Path(examples) / "first", target)
    return target


def vega(examples, package_data, target):
    """The whole example, its data prepared as its README says."""
    _copy(pathlib.Path(examples) / "vega", target)
    subprocess.run([target / "prepare", package_data], check=True, stdout=subprocess.DEVNULL)
    return target


def vega_subset(examples, package_data, target, datasets=SUBSET):
    """The example with only some datasets, quick leases and quick mails."""
    _copy(pathlib.Path(examples) / "vega", target)
    for kind in ("contracts", "mappings"):
        for entry in (target / kind).iterdir():
            if entry.name not in datasets:
                shutil.rmtree(entry)
    for catalog in (target / "catalog").iterdir():
        kept = [cut for each in re.split(r"^---\n", catalog.read_text(), flags=re.M)
                if (cut := _cut_entity(each, datasets))]
        catalog.write_text("---\n".join(kept)) if kept else catalog.unlink()
    subprocess.run([target / "prepare", package_data], check=True, stdout=subprocess.DEVNULL)
    change(target / "skein.yaml", ("lease_ttl: 15s", "lease_ttl: 3s"),
           ("digest_wait: 30s", "digest_wait: 2s"))
    return target


def _cut_entity(text, datasets):
    """A catalog entity without what refers to other datasets; None if nothing is left of it."""
    if re.search(r"^kind: (Group|User)$", text, re.M):
        return text
    name = re.search(r"^  name: (.*)$", text, re.M)[1]
    is_dataset = "\nkind: Resource\n" in "\n" + text and "\n  type: dataset\n" in text
    if is_dataset and name not in datasets:
        return None
    text = re.sub(r"^    skein\.io/reads\.([^:]+):.*\n(?:      .*\n)*",
                  lambda read: read[0] if read[1] in datasets else "", text, flags=re.M)
    text = re.sub(r"^  annotations:\n(?!    )", "", text, flags=re.M)
    depends = re.search(r"^  dependsOn:(?: \[.*\]\n|\n(?:    - .*\n)+)", text, re.M)
    if not depends:
        return text
    kept = [ref for ref in re.findall(r"resource:[\w.-]+", depends[0])
            if ref.removeprefix("resource:") in datasets]
    if not kept and not is_dataset:
        return None
    line = f"  dependsOn: [{', '.join(kept)}]\n" if kept else ""
    return text.replace(depends[0], line)


def change(file, *replacements):
    """Replaces text that must be there: a test that changes nothing tests nothing."""
    text = file.read_text()
    for old, new in replacements:
        assert old in text, f"{file} has no {old!r}"
        text = text.replace(old, new, 1)
    file.write_text(text)


def checksums(folder, pattern):
    """SHA-256 of each file that fits, by its path below the folder."""
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in sorted(folder.glob(pattern)) if file.is_file()}
