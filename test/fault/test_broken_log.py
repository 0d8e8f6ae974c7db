"""An embedded log whose file is broken: what can be read is shown, the programs say what mends it, and no offset comes twice."""
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from support import events  # noqa: E402
from support.pipeline import BIN, Pipeline, scratch_directory, tail  # noqa: E402

PAGE = 4096
EVENTS = 300
URI = "iglu:com.snowplowanalytics.snowplow/link_click/jsonschema/1-0-1"


def snowline(*arguments):
    return subprocess.run([os.path.join(BIN, "snowline"), *arguments], capture_output=True, text=True, timeout=120)


def numbers(lines):
    return [int(re.search(r"https://a\.example/(\d+)", line)[1]) for line in lines]


class BrokenLog(unittest.TestCase):
    def setUp(self):
        self.scratch = scratch_directory()
        self.addCleanup(self.scratch.cleanup)
        self.data = os.path.join(self.scratch.name, "data")
        self.pipeline = Pipeline(self.data)
        self.addCleanup(self.pipeline.__exit__)
        self.pipeline.start()
        self.send(range(EVENTS))
        self.wait_for_good(EVENTS)
        self.assertEqual(self.pipeline.stop(), 0)

    def send(self, which):
        for i in which:
            events.post(self.pipeline.port, [events.self_describing(URI, {"targetUrl": f"https://a.example/{i}", "elementId": "x" * 900})])

    def wait_for_good(self, count):
        while len(tail(self.data, "good")) < count:
            self.assertIsNone(self.pipeline.process.poll())

    def file(self, name):
        """With all pages in it: those in a WAL would hide the fault."""
        path = os.path.join(self.data, name)
        database = sqlite3.connect(path)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        database.close()
        return path

    def flip(self, name):
        path = self.file(name)
        page = os.path.getsize(path) // PAGE // 2
        with open(path, "r+b") as file:
            file.seek(page * PAGE)
            old = file.read(PAGE)
            file.seek(page * PAGE)
            file.write(bytes(byte ^ 255 for byte in old))

    def tail_broken(self, topic):
        done = snowline("tail", topic, "--data", self.data, "--tsv", "--until-idle", "500ms")
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"`snowline log repair {self.data}`", done.stderr)
        return done.stdout.splitlines(), done.stderr

    def test_rows_that_can_be_read_are_shown_and_kept(self):
        checked = snowline("log", "check", self.data)
        self.assertEqual(checked.returncode, 0, checked.stdout)
        self.flip("rows.db")
        self.assertEqual(snowline("log", "check", self.data).returncode, 1)
        lines, told = self.tail_broken("good")
        found = numbers(lines)
        lost = re.search(r"topic good: cannot be read: (\d+) records of the offsets (\d+) to (\d+)", told)
        self.assertEqual(len(set(found)), len(found))
        self.assertEqual(len(found) + int(lost[1]), EVENTS)
        self.assertEqual(set(range(EVENTS)) - set(found), set(range(int(lost[2]), int(lost[3]) + 1)))

        repaired = snowline("log", "repair", self.data)
        self.assertEqual(repaired.returncode, 1)
        self.assertIn(f"topic good: {len(found)} records, the next offset is {EVENTS}", repaired.stdout)
        self.assertIn(lost[0], repaired.stderr)
        self.assertEqual(snowline("log", "check", self.data).returncode, 0)
        self.assertEqual(snowline("log", "repair", self.data).stdout, "all files are sound\n")
        self.pipeline.start()
        self.send([EVENTS])
        self.wait_for_good(len(found) + 1)
        self.assertEqual(self.pipeline.stop(), 0)
        again = snowline("tail", "good", "--data", self.data, "--tsv", "--until-idle", "500ms")
        self.assertEqual((again.returncode, numbers(again.stdout.splitlines())), (0, sorted(found) + [EVENTS]))
        print(f"rows.db, a flipped page: {len(found)} of {EVENTS} rows kept, offsets as before", file=sys.stderr)

    def test_a_raw_file_without_a_header_ends_the_program_and_is_mended_whole(self):
        path = self.file("raw.db")
        with open(path, "r+b") as file:
            file.write(bytes(100))
        done = snowline("up", "--data", self.data, "--port", "0", "--admin-port", "0")
        self.assertEqual(done.returncode, 1)
        hints = [line for line in (done.stdout + done.stderr).splitlines() if f"`snowline log repair {self.data}`" in line]
        self.assertEqual(len(hints), 1)
        lines, _ = self.tail_broken("raw")
        self.assertEqual(len(lines), EVENTS)
        self.assertTrue(os.path.exists(path))
        repaired = snowline("log", "repair", self.data)
        self.assertEqual((repaired.returncode, repaired.stderr), (0, ""))
        next_offset = int(re.search(rf"topic raw: {EVENTS} records, the next offset is (\d+)", repaired.stdout)[1])
        self.assertGreater(next_offset, EVENTS)
        self.pipeline.start()
        self.send([EVENTS])
        self.wait_for_good(EVENTS + 1)
        self.assertEqual(self.pipeline.stop(), 0)
        self.assertEqual(sorted(numbers(tail(self.data, "good", "--tsv"))), list(range(EVENTS + 1)))
        print(f"raw.db, a zeroed header: {EVENTS} of {EVENTS} records kept, each enriched once", file=sys.stderr)

    def test_a_log_that_is_in_use_is_not_repaired(self):
        self.flip("rows.db")
        self.pipeline.start()
        done = snowline("log", "repair", self.data)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn(f"process {self.pipeline.process.pid} writes here", done.stderr)


if __name__ == "__main__":
    unittest.main()
