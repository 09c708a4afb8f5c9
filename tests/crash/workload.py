"""What the crash harness lets Skein do: many small migrations, whose agents are one shell script.

An attempt leaves one line in `effects` (a single append) and publishes its step's result by one
rename, so that from outside one sees which attempts ran and how often each did.
"""

import pathlib
import re

SKEIN_YAML = """\
workspace:
  name: crash
  workflow: three-steps
limits: {{running: 24, intake: 64}}
fleet: {{slots: 3, lease_ttl: 2s, job: mover}}
nats: {{url: "{nats}"}}
notifications: {{digest_wait: 1s}}
"""

# Who kills at random meets some attempt again and again: losses must not end a migration.
WORKFLOW = """\
workflow:
  name: three-steps
  steps:
""" + "".join(f"""\
    - name: {name}
      agent: {agent}
{depends}      timeout: 30s
      retry:
        lost: {{attempts: 1000, base: 0s, cap: 1s}}
        transient: {{attempts: 1000, base: 50ms, cap: 200ms}}
""" for name, agent, depends in (
    ("check", "checker", ""),
    ("move", "fleet-manager", "      depends_on: check\n"),
    ("count", "checker", "      depends_on: check\n"),
    ("publish", "checker", "      depends_on: [move, count]\n")))

AGENT = """\
#!/bin/sh
set -eu
data=$SKEIN_DATA_ROOT
result=$SKEIN_DATASET_ID.$SKEIN_STEP
line="$SKEIN_MIGRATION_ID $SKEIN_STEP $SKEIN_ATTEMPT $SKEIN_EPOCH"
staged=$data/staging/$result.$SKEIN_EPOCH
echo "$line" >> "$staged"
echo "$line" >> "$data/effects"
case $SKEIN_STEP.$SKEIN_DATASET_ID in
  move.fails*) echo "column \\"$SKEIN_DATASET_ID\\" cannot be cast" >&2; exit 1;;
  move.again*) [ -e "$data/seen/$result" ] || { : > "$data/seen/$result"; exit 75; };;
esac
mv "$staged" "$data/published/$result"
case $SKEIN_STEP.$SKEIN_DATASET_ID in
  check.holds*) echo '{"output": {"hold": "its owner must say yes", "rows": 0}}';;
  *) echo "{\\"output\\": {\\"rows\\": ${#SKEIN_DATASET_ID}, \\"at\\": \\"$result\\"}}";;
esac
"""


def datasets(count):
    """One in twenty fails for good, one waits for a human, two want to be tried again."""
    kinds = {3: "holds", 7: "fails", 11: "again", 16: "again"}
    return [f"{kinds.get(number % 20, 'plain')}-{number:05}" for number in range(count)]


def make(folder, nats):
    """A new workspace; datasets need no catalog, since no agent asks for it."""
    folder = pathlib.Path(folder)
    for part in ("agents", "workflows", "catalog", "contracts", "mappings", "data/staging",
                 "data/published", "data/seen"):
        (folder / part).mkdir(parents=True)
    agent = folder / "agents/agent.sh"
    agent.write_text(AGENT)
    agent.chmod(0o755)
    for name in ("checker", "mover"):
        (folder / f"agents/{name}.yaml").write_text(f"name: {name}\ncommand: {agent}\n")
    (folder / "agents/teller.yaml").write_text("name: teller\ncommand: 'true'\nchannel: email\n")
    (folder / "skein.yaml").write_text(SKEIN_YAML.format(nats=nats))
    (folder / "workflows/three-steps.yaml").write_text(WORKFLOW)
    return folder


def effects(folder):
    """Each attempt that ran, as (migration, step, attempt, epoch), in the order they did."""
    file = pathlib.Path(folder) / "data/effects"
    return [(*words[:2], *map(int, words[2:]))
            for words in map(str.split, file.read_text().splitlines())]


def published(folder):
    """Which results there are, and of whom; not of which attempt."""
    return {file.name: re.sub(r" \d+ \d+$", "", file.read_text().strip())
            for file in (pathlib.Path(folder) / "data/published").iterdir()}
