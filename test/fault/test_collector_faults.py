"""Each row of the collector's table for a moment, in less than 90 seconds; script/faults collector does more of it."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from collector_faults import Plan, Row, Scale, rows  # noqa: E402


class CollectorFaults(unittest.TestCase):
    def test_nothing_that_was_answered_is_lost_or_doubled(self):
        plan = Plan(seed=5, rate=200, scale=Scale.short())
        with tempfile.TemporaryDirectory(prefix="snowline-faults-") as directory:
            done, skipped = rows(plan, directory)
        print("", Row.HEAD, *done, *skipped, sep="\n", file=sys.stderr)
        for row in done:
            with self.subTest(row.fault):
                self.assertTrue(row.is_clean(), f"\n{Row.HEAD}\n{row}")
        self.assertGreaterEqual(len(done), 4)


if __name__ == "__main__":
    unittest.main()
