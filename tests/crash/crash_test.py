"""SIGKILL at random moments under load: nothing acknowledged is lost, nothing happens twice.

    crash_test.py BIN_DIR [--kills N] [--seed S]

First a run that nobody disturbs, then one with the same inputs in which the daemon, its bus or the
second worker is killed N times. The same seed makes the same decisions (whom, after how long); what
they meet depends on the machine. README.md of tests/crash says what is compared.
"""

import argparse
import collections
import random
import sys
import time

from stage import Stage, StageTest, final_state, skein
import workload

KILLS, SEED = 25, 20261125
MIGRATIONS_MIN, MIGRATIONS_A_KILL = 200, 8

options = None


class Crash(StageTest):
    def test_kill_at_random(self):
        count = max(MIGRATIONS_MIN, MIGRATIONS_A_KILL * options.kills)
        names = workload.datasets(count)
        print(f"seed {options.seed}, {options.kills} kills, {count} migrations", flush=True)

        quiet = Stage(self, self.folder / "quiet", names, options.seed)
        quiet.wait_for_rest(count, 60 + count / 4)
        log, states = quiet.close()
        wanted = final_state(states, quiet.space)
        self.check_run(quiet, log, states)
        print(f"undisturbed: {len(log)} events", flush=True)

        dice = random.Random(options.seed)
        stage = Stage(self, self.folder / "killed", names, options.seed, self.pace(count))
        self.kill_away(stage, dice)
        stage.publisher.pause = lambda: 0
        stage.wait_for_rest(count, 120 + count / 4)
        log, states = stage.close()
        self.check_run(stage, log, states)
        self.assertEqual(final_state(states, stage.space), wanted)
        self.wait_for_no_process()

    def pace(self, count):
        """Requests come for about as long as there are kills."""
        return lambda: options.kills * 0.75 / count

    def kill_away(self, stage, dice):
        killed, ready = collections.Counter(), []
        for _ in range(options.kills):
            whom = dice.choices(("daemon", "bus", "worker"), (0.7, 0.15, 0.15))[0]
            patiently = dice.random() < 0.75  # else the next kill may meet a start
            time.sleep(dice.uniform(0.02, 0.8))
            killed[whom] += 1
            if whom == "daemon":
                ready.append(stage.kill_daemon(patiently))
            else:
                getattr(stage, f"kill_{whom}")()
        took = sorted(filter(None, ready)) or [0]
        print(f"killed: {dict(killed)}; ready again after {took[len(took) // 2]:.2f} s, at most "
              f"{took[-1]:.2f} s", flush=True)


def main():
    global options
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bin_dir")
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    sys.argv[1:] = [options.bin_dir]
    skein.main(time_for_all=skein.TIME_FOR_ALL + 5 * max(0, options.kills - KILLS))


if __name__ == "__main__":
    main()
