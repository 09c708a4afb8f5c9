"""One run of the crash harness: its processes, its outsiders, and what must hold in the end."""

import collections
import contextlib
import pathlib
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "system"))

# pylint: disable=wrong-import-position
import history
import observer
import skein_fixture as skein
import workload


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Bus:
    """A nats-server on a fixed port, so that whoever lost it finds it again."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.url = f"nats://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            ["/usr/sbin/nats-server", "-a", "127.0.0.1", "-p", str(self.port), "-js",
             "-sd", str(self.folder / "jetstream")],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        skein.wait_until(self.answers, "nats-server answers", 30)

    def answers(self):
        with contextlib.suppress(observer.Down):
            observer.Wire(self.url).close()
            return True
        return False

    def kill(self):
        self.process.kill()
        self.process.wait()


class Stage:
    """One run: its processes and its outsiders."""

    def __init__(self, test, folder, names, seed=0, pause=lambda: 0, prepare=lambda space: None):
        self.test = test
        test.stages.append(self)
        folder.mkdir()
        self.bus = Bus(folder)
        self.daemon = self.worker = None
        self.space = workload.make(folder / "space", self.bus.url)
        prepare(self.space)
        self.notes = observer.Notes()
        self.operator = observer.Operator(self.notes)
        self.publisher = observer.Publisher(self.bus.url, names, seed, pause)
        self.outsiders = [self.operator, self.publisher,
                          observer.BusObserver(self.bus.url, self.notes)]
        self.start_daemon()
        self.daemon.wait_ready()
        self.start_worker()
        for each in self.outsiders:
            each.start()

    def start_daemon(self):
        self.daemon = skein.Daemon(self.space)
        self.test.daemons.append(self.daemon)
        self.operator.asked = self.daemon

    def start_worker(self):
        self.worker = subprocess.Popen(
            [skein.program("skeind"), "-w", str(self.space), "--role", "fleet",
             "--worker", "second", "--nats", self.bus.url, "--log-to-stderr"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill_daemon(self, patiently):
        """Answers how long the next one took until it was ready; 0 if nobody waited for it."""
        self.daemon.kill()
        before = time.monotonic()
        self.start_daemon()
        if not patiently:
            return 0
        self.daemon.wait_ready()
        return time.monotonic() - before

    def kill_bus(self):
        self.daemon.wait_ready()  # a daemon that finds no bus does not start
        self.bus.kill()
        self.bus.start()

    def kill_worker(self):
        self.worker.kill()
        self.worker.wait()
        self.start_worker()

    def wait_for_rest(self, count, patience):
        self.daemon.wait_ready()
        skein.wait_until(lambda: not self.publisher.is_alive(), "all requests are accepted",
                         patience)

        def rests():
            assert self.daemon.process.poll() is None, "skeind ended by itself"
            status = self.daemon.get("/v1/status")
            return (status and status["migrations"] == count and not status["open"]
                    and status["lag"] == 0 and not status["phases"].get("held"))
        skein.wait_until(rests, lambda: f"all {count} rest; now {self.daemon.get('/v1/status')}",
                         patience)
        for each in self.outsiders:
            each.finish()

    def close(self):
        """The log and the final states, and then the end of everything."""
        log = dict(observer.events_after(self.daemon, 0))
        states = observer.all_migrations(self.daemon)
        self.worker.terminate()
        self.worker.wait()
        self.test.assertEqual(self.daemon.stop(), (0, ""))
        self.bus.process.terminate()
        self.bus.process.wait()
        return log, states

    def end_what_is_left(self):
        """After a failure; a run that went well has ended all by itself."""
        for each in self.outsiders:
            each.over.set()
        for process in (self.worker, self.bus.process):
            if process and process.poll() is None:
                process.kill()
                process.wait()


def settled_steps(one):
    """All but what ran beside a step that parked: a migration that parks starts nothing more, so
    that whether a lost attempt beside it was made again is a matter of time."""
    steps = {step["name"]: step for step in one["steps"]}
    wanted = [name for name, step in steps.items()
              if one["phase"] != "parked" or step["status"] == "parked"]
    for name in wanted:  # grows: what these depend on, and so on
        wanted += [each for each in steps[name]["depends_on"] if each not in wanted]
    return {name: steps[name] for name in wanted}


def final_state(states, space):
    """All that must not depend on who was killed: no attempt numbers, epochs, times, workers."""
    migrations, published = {}, workload.published(space)
    for name, one in states.items():
        settled = settled_steps(one)
        steps = {name: (step["status"], step["output"], step["last_failure"]
                        if step["status"] == "parked" else None)
                 for name, step in settled.items()}
        migrations[name] = {"phase": one["phase"], "why": one["why"], "scan": one["scan"],
                            "labels": one["labels"], "workflow": one["workflow"], "steps": steps}
        for step in one["steps"]:
            if step["name"] not in settled:
                published.pop(f"{one['dataset']}.{step['name']}", None)
    return {"migrations": migrations, "published": published}


class StageTest(skein.SystemTest):
    """A test with runs of that kind."""

    def setUp(self):
        super().setUp()
        self.stages = []

    def tearDown(self):
        for stage in self.stages:
            stage.end_what_is_left()
        super().tearDown()

    def check_run(self, stage, log, states):
        """What an outsider knows, against the log; and the log against what happened."""
        self.assertEqual(list(log), list(range(1, len(log) + 1)), "no gap")
        self.assertGreaterEqual(len(log), stage.notes.newest)
        for sequence, told in stage.notes.told.items():
            self.assertEqual(log.get(sequence), told, f"sequence {sequence} was told")
        for dataset in stage.publisher.accepted:
            self.assertIn(f"{dataset}@v2", states, "its request was accepted")
        stories = history.by_migration(log)
        for name, receipt in stage.notes.receipts:
            self.assertGreaterEqual(len(stories[name]), receipt["version"], "the order was taken")
        for events in stories.values():
            history.check(self, events)
        self.check_effects(stage, stories)

    def check_effects(self, stage, stories):
        """Each attempt that ran was started in the log, and ran once; what succeeded did run."""
        ran = workload.effects(stage.space)
        twice = [attempt for attempt, times in collections.Counter(ran).items() if times > 1]
        self.assertEqual(twice, [], "attempts that ran twice")
        started, succeeded = set(), set()
        for name, events in stories.items():
            for event in events:
                what = next(iter(event["event"].values()))
                if event["type"] == "attempt_started":
                    started.add((name, what["step"], what["attempt"], int(what["epoch"])))
                elif event["type"] == "attempt_succeeded":
                    succeeded.add((name, what["step"], int(what["epoch"])))
        self.assertLessEqual(set(ran), started)
        self.assertLessEqual(succeeded, {(name, step, epoch) for name, step, _, epoch in ran})
