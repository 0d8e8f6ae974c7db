"""Three kills of enrichers and one of the broker, in a minute; script/faults enricher does more of it."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from enricher_faults import Plan, run  # noqa: E402


class EnricherFaults(unittest.TestCase):
    def test_kills_lose_nothing_and_double_nothing(self):
        plan = Plan(seed=3, kills=3, broker_kills=1, events=30_000, rate=1_000, enrichers=2)
        with tempfile.TemporaryDirectory(prefix="snowline-faults-") as directory:
            outcome = run(plan, directory)
        print(outcome, file=sys.stderr)
        self.assertEqual((outcome.kills, outcome.broker_kills), (3, 1))
        self.assertTrue(outcome.is_clean(), str(outcome))
        self.assertEqual(outcome.acknowledged, plan.events)


if __name__ == "__main__":
    unittest.main()
