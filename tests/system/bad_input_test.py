"""Bad input is named, parks what it touches, and leaves the rest alone. (Bad requests on the bus
are in nats_client_test.py.)"""

import skein_fixture as skein
import skein_workspaces as workspaces

GOOD = "wheat@v2"


class BadInput(skein.SystemTest):
    def make(self, *more):
        """Wheat, which goes well, and what the test spoils."""
        examples, package = skein.arguments[:2]
        return workspaces.vega_subset(examples, package, self.folder / "space", ("wheat", *more))

    def migrate(self, space, count):
        daemon = self.start(space)
        daemon.scan()
        rested = daemon.wait_for(count)
        self.assertEqual(rested[GOOD]["phase"], "completed", rested[GOOD])
        return rested

    def assert_parked(self, migration, *words):
        self.assertEqual(migration["phase"], "parked", migration)
        for word in words:
            self.assertIn(word, migration["why"])

    def test_value_that_cannot_be_cast(self):
        space = self.make("seattle-weather")
        data = space / "data/seattle-weather/v1/seattle-weather.csv"
        lines = data.read_text().splitlines(keepends=True)
        cells = lines[3].split(",")
        lines[3] = ",".join([cells[0], "drizzly", *cells[2:]])
        data.write_text("".join(lines))
        rested = self.migrate(space, 2)
        self.assert_parked(rested["seattle-weather@v2"], "Row 3 ", '"precipitation"', "drizzly")
        self.assertFalse((space / "data/seattle-weather/v2").exists())

    def test_contract_that_does_not_fit_its_data(self):
        space = self.make("SP500")
        data = space / "data/SP500/v1/sp500.csv"
        workspaces.change(data, ("price", "prize"))
        rested = self.migrate(space, 2)
        self.assert_parked(rested["SP500@v2"], "price", "prize")

    def test_agent_that_is_not_there(self):
        space = self.make("stocks")
        agent = space / "agents/migration-agent.yaml"
        workspaces.change(agent, ("  migration-agent --", "  no-such-program --"))
        daemon = self.start(space)
        daemon.scan()
        rested = daemon.wait_for(2)
        self.assert_parked(rested[GOOD], "no-such-program")
        self.assertEqual(rested["stocks@v2"]["phase"], "held", "other agents do their work")

    def test_workspace_that_cannot_be_read(self):
        space = self.make()
        workspaces.change(space / "skein.yaml", ("lease_ttl: 3s", "lease_ttl: [3"))
        daemon = skein.Daemon(space)
        _, said = daemon.process.communicate(timeout=60)
        self.assertEqual(daemon.process.returncode, 1)
        self.assertRegex(said.decode(), r"skein\.yaml:\d+")

    def test_unknown_key(self):
        space = self.make()
        workspaces.change(space / "skein.yaml", ("lease_ttl", "lease_tll"))
        daemon = skein.Daemon(space)
        _, said = daemon.process.communicate(timeout=60)
        self.assertEqual(daemon.process.returncode, 1)
        self.assertRegex(said.decode(), r"skein\.yaml:\d+.*lease_tll.*lease_ttl")

    def test_two_daemons_on_one_workspace(self):
        space = self.make()
        one = self.start(space)
        # Not Daemon: that would remove the first one's address.
        two = self.run_program("skeind", "-w", space)
        self.assertEqual(two.returncode, 1)
        self.assertIn(f"process {one.process.pid} ", two.stderr)
        one.scan()
        self.assertEqual(one.wait_for(1)[GOOD]["phase"], "completed")

    def test_stop_at_work(self):
        space = self.make("zipcodes", "earthquakes", "movies")
        daemon = self.start(space)
        daemon.scan()
        skein.wait_until(lambda: daemon.events() > 8, "it is at work")
        code, said = daemon.stop(patience=10)
        self.assertEqual((code, said), (0, ""))
        self.wait_for_no_process()
        self.assertFalse((space / ".skein/daemon.json").exists())
        again = self.start(space)
        again.scan()
        self.assertEqual({each["phase"] for each in again.wait_for(4).values()}, {"completed"})


if __name__ == "__main__":
    skein.main()
