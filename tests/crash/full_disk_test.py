"""A full disk under the log: nothing acknowledged is lost, the daemon says what to do, and once
there is room it goes on. Needs root, for a file system of 16 MiB.

    full_disk_test.py BIN_DIR
"""

import os
import subprocess
import unittest

from stage import Stage, StageTest, final_state, skein
import workload

COUNT = 120
ROOM = 256 << 10  # bytes: for the log's own files, and some hundred events


@unittest.skipUnless(os.geteuid() == 0, "only root can mount a small file system")
class FullDisk(StageTest):
    def mount(self, space):
        """Nearly full from the start, so that RocksDB cannot set pages aside for later."""
        self.disk = space / ".skein/log"
        self.disk.mkdir(parents=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", self.disk],
                       check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", self.disk], check=True)
        # Without a name, since a log's folder may hold nothing else.
        self.ballast = os.open(self.disk, os.O_TMPFILE | os.O_WRONLY)
        os.write(self.ballast, bytes((16 << 20) - ROOM))

    def test_full_disk(self):
        names = workload.datasets(COUNT)
        stage = Stage(self, self.folder / "full", names, prepare=self.mount)
        said = self.wait_for_the_end(stage)
        before = stage.notes.newest
        self.assertGreater(before, 0)
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
        self.assertEqual((stage.daemon.process.returncode), 1, said.decode())
        return said.decode()


if __name__ == "__main__":
    skein.main()
