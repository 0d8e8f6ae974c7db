"""Enrichers that join and leave, and one kill of the broker, in half a minute; script/faults rebalance does more of it."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from rebalance_faults import Plan, run  # noqa: E402


class RebalanceFaults(unittest.TestCase):
    def test_joining_and_leaving_loses_nothing_and_doubles_nothing(self):
        plan = Plan(seed=5, seconds=24, every=3, rate=500)
        with tempfile.TemporaryDirectory(prefix="snowline-rebalance-") as directory:
            changes = run(plan, directory)
        print(changes, file=sys.stderr)
        self.assertGreater(changes.joined, 0)
        self.assertGreater(changes.left, 1)
        self.assertEqual(changes.outcome.broker_kills, 1)
        self.assertTrue(changes.is_clean(), str(changes))
        self.assertEqual(changes.outcome.acknowledged, plan.events)


if __name__ == "__main__":
    unittest.main()
