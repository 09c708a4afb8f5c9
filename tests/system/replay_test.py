"""Once more from the log alone: what a real run left behind, folded and decided again."""

import subprocess

import skein_fixture as skein
import skein_workspaces as workspaces

DATASETS = ("SP500", "cars", "miserables", "seattle-weather", "stocks", "wheat")


class Replay(skein.SystemTest):
    def test_state_folder_of_a_real_run(self):
        examples, package, replay_check = skein.arguments[:3]
        space = workspaces.vega_subset(examples, package, self.folder / "space", DATASETS)
        data = space / "data/seattle-weather/v1/seattle-weather.csv"
        workspaces.change(data, ("2012-01-01", "someday"))
        daemon = self.start(space)
        daemon.scan()
        skein.wait_until(lambda: daemon.events() > 15, "it is at work")
        daemon.kill()
        daemon = self.start(space)
        daemon.scan()
        self.order_people_about(daemon, data)
        self.assertEqual(daemon.stop()[0], 0)
        checked = subprocess.run([replay_check, space / ".skein"], capture_output=True, text=True,
                                 timeout=60, check=False)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertIn("6 migrations: all the same", checked.stdout)

    def order_people_about(self, daemon, data):
        """Has every kind of order in the log: approve, retry, cancel."""
        phases = {name: each["phase"] for name, each in daemon.wait_for(len(DATASETS)).items()}
        self.assertEqual(phases, {
            "SP500@v2": "completed", "cars@v2": "held", "miserables@v2": "completed",
            "seattle-weather@v2": "parked", "stocks@v2": "held", "wheat@v2": "completed"})
        workspaces.change(data, ("someday", "2012-01-01"))
        orders = {"stocks@v2": "approve", "seattle-weather@v2": "retry", "cars@v2": "cancel"}
        for name, order in orders.items():
            status, body = daemon.post(f"/v1/migrations/{name}/{order}",
                                       {"actor": "system test", "reason": "to have it in the log"})
            self.assertEqual(status, 200, body)
        skein.wait_until(lambda: daemon.phases == phases | {
            "cars@v2": "cancelled", "stocks@v2": "completed", "seattle-weather@v2": "completed"},
            lambda: f"the orders are carried out; now: {daemon.phases}")
        daemon.wait_for(len(DATASETS))


if __name__ == "__main__":
    skein.main()
