"""A full disk under the log: nothing acknowledged is lost, the daemon says what to do, and once
there is room it goes on. Needs root, for a file system of 16 MiB.

    full_disk_test.py BIN_DIR
"""

import contextlib
import os
import subprocess
import unittest

from stage import Stage, StageTest, final_state, skein
import workload

COUNT = 60


@unittest.skipUnless(os.geteuid() == 0, "only root can mount a small file system")
class FullDisk(StageTest):
    def mount(self, space):
        """What RocksDB would set aside for its next log does not fit, so that it grows by pages."""
        self.disk = space / ".skein/log"
        self.disk.mkdir(parents=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", self.disk],
                       check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", self.disk], check=True)

    def fill(self):
        """Beside the log, since its folder may hold nothing else: a file without a name."""
        self.ballast = os.open(self.disk, os.O_TMPFILE | os.O_WRONLY)
        for piece in (1 << 20, 1 << 12):
            with contextlib.suppress(OSError):
                while True:
                    os.write(self.ballast, bytes(piece))

    def test_full_disk(self):
        names = workload.datasets(COUNT)
        stage = Stage(self, self.folder / "full", names, pause=lambda: 0.05, prepare=self.mount)
        skein.wait_until(lambda: stage.notes.newest > 20, "it is at work")
        self.fill()
        before = stage.notes.newest
        said = self.wait_for_the_end(stage)
        self.assertIn("No space left on device", said)
        self.assertIn(str(self.disk), said)
        self.assertIn("make room", said)

        again = self.run_program("skeind", "-w", stage.space)  # it is still full
        self.assertEqual(again.returncode, 1)
        self.assertIn("make room", again.stderr)

        os.close(self.ballast)
        stage.start_daemon()
        stage.wait_for_rest(COUNT, 120)
        self.assertGreater(stage.notes.newest, before)
        log, states = stage.close()
        self.check_run(stage, log, states)
        phases = {one["phase"] for one in final_state(states, stage.space)["migrations"].values()}
        self.assertEqual(phases, {"completed", "parked"})
        self.wait_for_no_process()

    def wait_for_the_end(self, stage):
        """The daemon may start its coordinator again; then it gives up, and says why."""
        _, said = stage.daemon.process.communicate(timeout=60)
        self.assertEqual(stage.daemon.process.returncode, 1)
        return said.decode()


if __name__ == "__main__":
    skein.main()
