"""What every migration's history must look like, whoever was killed meanwhile."""

import collections
import json


def by_migration(log):
    """A log as {sequence: text}: each migration's events, in order."""
    stories = collections.defaultdict(list)
    for _, text in sorted(log.items()):
        event = json.loads(text)
        stories[event["migration"]].append(event)
    return stories


def check(test, events):
    """One request, versions without a gap, an end; of each step one attempt at a time, with epochs
    that only grow, and one success."""
    test.assertEqual([int(event["version"]) for event in events], list(range(1, len(events) + 1)))
    types = [event["type"] for event in events]
    test.assertEqual((types[0], types.count("requested")), ("requested", 1))
    test.assertEqual(sum(type in ("completed", "parked", "cancelled") for type in types)
                     or types.count("held"), 1, types)
    running, succeeded, newest = {}, set(), 0
    for event in events:
        what = next(iter(event["event"].values()))
        if event["type"] == "attempt_started":
            test.assertNotIn(what["step"], running, "one attempt of a step at a time")
            test.assertGreater(int(what["epoch"]), newest, "epochs grow")
            newest = int(what["epoch"])
            running[what["step"]] = what["epoch"]
        elif event["type"] in ("attempt_succeeded", "attempt_failed"):
            test.assertEqual(running.pop(what["step"]), what["epoch"])
        if event["type"] == "attempt_succeeded":
            test.assertNotIn(what["step"], succeeded)
            succeeded.add(what["step"])
    test.assertEqual(running, {})
