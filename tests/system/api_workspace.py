"""A workspace whose migrations do as the test says, for the tests of the HTTP interface.

Each dataset's first step waits for a file `<dataset>.say` with one word: `pass`, `hold`,
`fail`, or `away` for what may work next time.
Until then the attempt runs, and what it was given stands in `<dataset>.attempt`.
"""

import json
import pathlib
import re

import skein_fixture as skein
import skein_workspaces as workspaces

GATE = r'''
import json, os, pathlib, sys, time
work, dataset = pathlib.Path(sys.argv[1]), os.environ["NOMAD_META_DATASET_ID"]
given = {name: os.environ.get(name, "") for name in
         ("SKEIN_TOKEN", "SKEIN_API", "SKEIN_PROGRESS_URL", "SKEIN_CA_FILE", "METADATA_API")}
draft = work / f"{dataset}.draft"
draft.write_text(json.dumps(given))
draft.rename(work / f"{dataset}.attempt")
print("given", given["SKEIN_TOKEN"], file=sys.stderr)
print("given", given["SKEIN_TOKEN"])
word = work / f"{dataset}.say"
while not word.exists():
    time.sleep(0.02)
output = {"labels": {"owner": "group:default/library", "storage": "local-disk"},
          "said": given["SKEIN_TOKEN"]}
if word.read_text() == "hold":
    output["hold"] = "somebody has to look at it"
if word.read_text() == "away":
    print("the storage is away", file=sys.stderr)
    sys.exit(os.EX_TEMPFAIL)
if word.read_text() == "fail":
    sys.exit("the gate is closed: nobody may pass today")
print(json.dumps({"output": output}))
'''


def make(examples, target, names, settings=""):
    """Answers the folder in which the gates' files are."""
    workspaces.first(examples, target)
    catalog = target / "catalog" / "books.yaml"
    group, *entities = re.split(r"^---\n", catalog.read_text(), flags=re.M)
    catalog.unlink()
    (target / "catalog" / "library.yaml").write_text(group)
    for kind in ("contracts", "mappings"):
        for file in sorted((target / kind).glob("books*")):
            for name in names:
                (target / kind / f"{name}-{file.name}").write_text(
                    re.sub(r"\bbooks\b", name, file.read_text()))
            file.unlink()
    for name in names:
        text = re.sub(r"\bbooks\b", name, "---\n".join(entities))
        (target / "catalog" / f"{name}.yaml").write_text(
            text.replace("reading-list", f"{name}-list"))
        (target / "data" / name / "v1").mkdir(parents=True, exist_ok=True)
        (target / "data" / name / "v1" / f"{name}.csv").write_bytes(
            (target / "data" / "books" / "v1" / "books.csv").read_bytes())
    gates = target.parent / "gates"
    gates.mkdir()
    (gates / "gate.py").write_text(GATE)
    workspaces.change(target / "agents" / "agents.yaml",
                      ("command: dependency-checker",
                       f"command: [python3, {gates}/gate.py, {gates}]"))
    with (target / "skein.yaml").open("a") as out:
        out.write("fleet: {slots: 16, lease_ttl: 5s}\naudit: {head_every: 1s}\n" + settings)
    return gates


def say(gates, dataset, word):
    draft = gates / f"{dataset}.word"
    draft.write_text(word)
    draft.rename(gates / f"{dataset}.say")


def attempt(gates, dataset):
    """What the attempt at the dataset's gate was given, once it runs."""
    file = gates / f"{dataset}.attempt"
    skein.wait_until(file.exists, f"an attempt for {dataset} runs")
    return json.loads(file.read_text())


def phase(daemon, migration, wanted):
    """Waits until a migration is in that phase."""
    def there():
        now = daemon.get(f"/v1/migrations/{migration}")
        return now if now and now["phase"] == wanted else None
    return skein.wait_until(there, f"{migration} is {wanted}")
