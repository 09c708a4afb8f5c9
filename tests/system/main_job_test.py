"""The job Skein is for: one command on the whole example, to the end."""

import email
import email.policy
import json

import skein_fixture as skein
import skein_workspaces as workspaces

# Dataset: the consumer and the column that hold it, or what the mapping asks.
HELD = {
    "birdstrikes": ("insurance-risk-model", "Cost Total $"),
    "cars": ("car-search", "Name"),
    "jobs": ("occupations-explorer", "perc"),
    "la-riots": ("riot_related",),
    "penguins": ("penguin-classifier", "Flipper Length (mm)"),
    "stocks": ("portfolio-tracker", "date"),
}


class MainJob(skein.SystemTest):
    def test_whole_example(self):
        examples, package = skein.arguments[:2]
        self.space = workspaces.vega(examples, package, self.folder / "vega")
        before = workspaces.checksums(self.space / "data", "*/v1/*")
        run = self.run_program("skein", "run", self.space, patience=270)
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.wait_for_no_process()
        migrations = self.list()
        self.check_phases(migrations, run.stdout)
        self.assertEqual(workspaces.checksums(self.space / "data", "*/v1/*"), before)
        self.check_published(migrations)
        self.check_mails()
        self.check_second_run(migrations)

    def list(self):
        listed = self.run_program("skein", "-w", self.space, "--json", "list", "--limit", "1000")
        self.assertEqual(listed.returncode, 0, listed.stderr)
        return {each["dataset"]: each for each in json.loads(listed.stdout)["migrations"]}

    def check_phases(self, migrations, said):
        self.assertEqual(len(migrations), 37)
        resting = {name: each for name, each in migrations.items() if each["phase"] != "completed"}
        self.assertEqual({name: each["phase"] for name, each in resting.items()},
                         dict.fromkeys(HELD, "held"),
                         {name: each["why"] for name, each in resting.items()})
        for name, words in HELD.items():
            for word in words:
                self.assertIn(word, resting[name]["why"])
            self.assertIn(f"{name}@v2", said)
        self.assertIn("31 migrated", said)

    def check_published(self, migrations):
        for name, each in migrations.items():
            files = [file.name for file in (self.space / "data" / name).glob("v2/*")]
            if each["phase"] == "completed":
                self.assertIn("_skein.json", files)
                self.assertEqual(len(files), 2, f"{name}: {files}")
            else:
                self.assertEqual(files, [], name)
        self.assertEqual(list((self.space / "data").rglob(".staging")), [], "staging is empty")

    def check_mails(self):
        """One mail to each owner and digest, and each that the agent says it wrote is there."""
        mails = {}
        for file in sorted((self.space / "outbox").iterdir()):
            self.assertEqual(file.suffix, ".eml", "only whole mails are in the outbox")
            mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            text = mail.get_body(("plain",)).get_content()
            for other_file, other in mails.get(mail["To"], []):
                both = [line for line in text.splitlines() if "@v2" in line and line in other]
                self.assertEqual(both, [], f"{file.name} and {other_file} tell the same")
            mails.setdefault(mail["To"], []).append((file.name, text))
        self.assertIn("film@example.org", mails)
        self.assertEqual({to: len(each) for to, each in mails.items()}, dict.fromkeys(mails, 1))
        self.check_told(mails)

    def check_told(self, mails):
        told = set()
        for name in ("movies", "zipcodes", "SP500"):
            shown = self.run_program("skein", "-w", self.space, "--json", "show", f"{name}@v2")
            steps = {step["name"]: step for step in json.loads(shown.stdout)["steps"]}
            told.update(steps["notify-consumers"]["output"]["told"])
        self.assertTrue(told)
        self.assertLessEqual(told, set(mails))

    def check_second_run(self, migrations):
        mails = workspaces.checksums(self.space / "outbox", "*")
        again = self.run_program("skein", "run", self.space)
        self.assertEqual(again.returncode, 0, again.stdout + again.stderr)
        self.assertIn("Nothing to do", again.stdout)
        self.assertEqual(self.list(), migrations)
        self.assertEqual(workspaces.checksums(self.space / "outbox", "*"), mails)
        self.wait_for_no_process()


if __name__ == "__main__":
    skein.main()
