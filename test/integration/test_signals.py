"""Which signals end a service, and that none of them loses what was acknowledged."""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'support'))
from support import events  # noqa: E402
from support.collector_process import CollectorProcess  # noqa: E402
from support.pipeline import BIN, Pipeline, scratch_directory, tail  # noqa: E402
from support.registry_server import RegistryServer  # noqa: E402

IGNORED = (signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)
GET = b'GET /i?e=pv HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'


def is_ignored(process, number):
    """As the kernel says it, so that nothing has to be waited for."""
    for line in pathlib.Path(f'/proc/{process.pid}/status').read_text().splitlines():
        if line.startswith('SigIgn:'):
            return bool(int(line.split()[1], 16) >> (number - 1) & 1)
    raise AssertionError('no SigIgn')


class Signals(unittest.TestCase):
    def ignores(self, process):
        for number in IGNORED:
            self.assertTrue(is_ignored(process, number), number.name)
            process.send_signal(number)
        self.assertIsNone(process.poll())

    def test_the_collector(self):
        for number in (signal.SIGQUIT, signal.SIGTERM, signal.SIGINT):
            with CollectorProcess('preTerminationPeriod = 0 seconds, terminationDeadline = 2 seconds') as collector:
                self.ignores(collector.process)
                self.assertIn(b'HTTP/1.1 200', collector.exchange(GET))
                collector.process.send_signal(number)
                self.assertEqual(collector.process.wait(timeout=20), 0)
                self.assertEqual(len(collector.records(1)), 1)
                self.assertTrue(any('stopped' in line for line in collector.log))

    def test_the_pipeline(self):
        with scratch_directory() as directory:
            data = os.path.join(directory, 'data')
            with Pipeline(data) as pipeline:
                self.ignores(pipeline.process)
                events.post(pipeline.port, [events.self_describing(
                    'iglu:com.snowplowanalytics.snowplow/link_click/jsonschema/1-0-1', {'targetUrl': 'https://a.example/'})])
                pipeline.process.send_signal(signal.SIGQUIT)
                self.assertEqual(pipeline.process.wait(timeout=30), 0)
            self.assertEqual(len(tail(data, 'raw')), 1)

    def test_the_enricher(self):
        with tempfile.TemporaryDirectory() as directory:
            config = pathlib.Path(directory) / 'enricher.hocon'
            config.write_text(f'''
                input {{ type = Embedded, path = "{directory}/data" }}
                output {{ good {{ type = Embedded }}, bad {{ type = Embedded }} }}''')
            log = open(pathlib.Path(directory) / 'log', 'w+b')
            self.addCleanup(log.close)
            process = subprocess.Popen([os.path.join(BIN, 'snowline-enricher'), '--config', config],
                                       stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            self.addCleanup(process.wait)
            self.addCleanup(process.kill)
            rows = pathlib.Path(directory) / 'data' / 'rows.db'
            deadline = time.monotonic() + 20
            while not rows.exists():
                self.assertIsNone(process.poll(), pathlib.Path(log.name).read_text())
                self.assertLess(time.monotonic(), deadline, 'it does not start')
                time.sleep(0.05)
            self.ignores(process)
            process.send_signal(signal.SIGQUIT)
            self.assertEqual(process.wait(timeout=30), 0)
            self.assertIn('stopped', pathlib.Path(log.name).read_text())

    def test_the_registry(self):
        with tempfile.TemporaryDirectory() as directory, RegistryServer(directory) as registry:
            self.ignores(registry.process)
            with urllib.request.urlopen(registry.url + '/api/meta/health', timeout=10) as answer:
                self.assertEqual(answer.status, 200)
            registry.process.send_signal(signal.SIGQUIT)
            self.assertEqual(registry.process.wait(timeout=20), 0)

    def test_a_command_that_follows_a_topic_ends_with_its_terminal(self):
        with scratch_directory() as directory:
            with Pipeline(os.path.join(directory, 'data')) as pipeline:
                process = subprocess.Popen([os.path.join(BIN, 'snowline'), 'tail', 'good', '--data', pipeline.directory],
                                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
                self.addCleanup(process.kill)
                process.send_signal(signal.SIGHUP)
                process.wait(timeout=20)  # before it blocks the signal, the signal ends it; behind, it ends itself


if __name__ == '__main__':
    unittest.main()
