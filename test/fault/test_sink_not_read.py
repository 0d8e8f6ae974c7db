"""A reader of standard output that does not read: answers, readiness and the end do not wait for it."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from collector_process import BIN, free_port  # noqa: E402

ANSWER_WITHIN = 4.5  # what trackers are promised is 4 s; the rest is this machine's
END_WITHIN = 15      # terminationDeadline and what is left to flush, generously


class SinkNotRead(unittest.TestCase):
    def setUp(self):
        self.port, self.admin = free_port(), free_port()
        self.file = tempfile.NamedTemporaryFile("w", suffix=".hocon")
        self.addCleanup(self.file.close)
        self.file.write(f"""collector {{ interface = "127.0.0.1", port = {self.port}
          preTerminationPeriod = 0 seconds, terminationDeadline = 2 seconds
          streams {{ good = good, bad = bad, sink {{ enabled = stdout }} }} }}
          snowline.admin.port = {self.admin}""")
        self.file.flush()
        self.process = subprocess.Popen([os.path.join(BIN, "snowline-collector"), "--config", self.file.name],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(self.process.stdout.close)
        self.addCleanup(self.process.wait)
        self.addCleanup(self.process.kill)
        deadline = time.monotonic() + 10
        while self.ready()[0] != 200:
            self.assertLess(time.monotonic(), deadline, "it does not start")
            time.sleep(0.05)

    def ready(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}/ready", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def post(self):
        body = json.dumps({"schema": "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4",
                           "data": [{"e": "pv", "p": "web", "tv": "t", "page": "x" * 20_000}]}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/com.snowplowanalytics.snowplow/tp2", body,
                                         {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_WITHIN) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def test_what_is_not_read_is_not_acknowledged_and_nobody_waits_for_it(self):
        answers = [self.post() for _ in range(8)]  # 27 kB each: the pipe has 64
        self.assertIn(200, answers)
        self.assertEqual(answers[-1], 503)
        self.assertEqual(set(answers), {200, 503})
        status, body = self.ready()
        self.assertEqual(status, 503)
        self.assertIn("cannot be written: good", body)
        self.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.process.wait(timeout=END_WITHIN), 0)

    def test_it_goes_on_when_it_is_read(self):
        while self.post() != 503:
            pass
        lines = []
        reader = threading.Thread(target=lambda: lines.extend(self.process.stdout), daemon=True)
        reader.start()
        deadline = time.monotonic() + 20
        while self.ready()[0] != 200:
            self.assertLess(time.monotonic(), deadline, "it is never ready again")
            time.sleep(0.05)
        answers = [self.post() for _ in range(5)]
        self.assertEqual(answers, [200] * 5)
        self.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.process.wait(timeout=END_WITHIN), 0)
        reader.join(timeout=10)
        self.assertGreaterEqual(len(lines), 6)
        self.assertTrue(all(line.endswith(b"\n") for line in lines))


if __name__ == "__main__":
    unittest.main()
