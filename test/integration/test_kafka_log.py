"""The log's contract on a real Kafka: starts one and runs the C++ tests against it."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test" / "support"))
from kafka_node import KafkaNode, free_port  # noqa: E402

PROGRAM = ROOT / "build" / os.environ.get("SNOWLINE_PRESET", "release") / "bin" / "integration_common"


class KafkaLog(unittest.TestCase):
    def test_contract_and_what_is_special_about_kafka(self):
        with tempfile.TemporaryDirectory() as directory:
            node = KafkaNode(directory, free_port(), free_port())
            self.addCleanup(node.kill)
            node.start()
            for topic in ("shared", "keys"):
                node.topics("--create", "--topic", topic, "--partitions", "4")
            environment = dict(os.environ, SNOWLINE_KAFKA=node.brokers,
                               SNOWLINE_KAFKA_SHARED_TOPIC="shared", SNOWLINE_KAFKA_KEYS_TOPIC="keys")
            done = subprocess.run([PROGRAM, "[log],[kafka]"], env=environment, timeout=240,
                                  capture_output=True, text=True)
            node.kill()
            self.assertEqual(done.returncode, 0, done.stdout[-5000:] + done.stderr[-5000:])
            print(done.stdout.strip().splitlines()[-1], file=sys.stderr)


if __name__ == "__main__":
    unittest.main()
