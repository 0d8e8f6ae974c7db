"""@snowplow/browser-tracker 4.10.1 in headless Chromium, the page on one origin and the collector on another: cookies, anonymous
mode, and a collector whose log is away for a while. Nothing is lost, and nothing is sent for ever."""
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'test', 'support'))
from collector_process import CollectorProcess, free_port  # noqa: E402

MODULES = os.path.join(ROOT, '.deps', 'node', 'node_modules')
CHROMIUM = shutil.which('chromium')
# Over plain HTTP a browser keeps no `Secure` cookie.
COOKIE = 'cookie { secure = false, sameSite = "Lax" }, preTerminationPeriod = 0 ms'


class Page(http.server.BaseHTTPRequestHandler):
    """A page that has the tracker."""

    def do_GET(self):
        if self.path.endswith('.js'):
            with open(os.path.join(MODULES, '@snowplow', 'browser-tracker', 'dist', 'index.umd.min.js'), 'rb') as script:
                kind, body = 'text/javascript', script.read()
        else:
            kind, body = 'text/html', b'<!doctype html><title>shop</title><script src="/tracker.js"></script>'
        self.send_response(200)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@unittest.skipUnless(CHROMIUM and os.path.isdir(MODULES), 'needs chromium (script/bootstrap --full) and the Node packages')
class BrowserTracker(unittest.TestCase):
    def setUp(self):
        self.page = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Page)
        threading.Thread(target=self.page.serve_forever, daemon=True).start()
        self.addCleanup(self.page.server_close)
        self.addCleanup(self.page.shutdown)
        self.port = free_port()

    def start(self, inside=COOKIE, sink='stdout'):
        collector = CollectorProcess(inside, sink=sink)
        collector.config = collector.config.replace(f'port = {collector.port}', f'port = {self.port}')
        collector.port = self.port
        collector.start()
        self.addCleanup(collector.__exit__)
        return collector

    def browser(self):
        node = subprocess.Popen(['node', os.path.join(ROOT, 'test', 'end_to_end', 'browser_tracker.js'), CHROMIUM,
                                 f'http://127.0.0.1:{self.port}'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.end, node)

        def step(**command):
            node.stdin.write(json.dumps(command) + '\n')
            node.stdin.flush()
            answer = node.stdout.readline()
            self.assertTrue(answer, f'the browser ended at {command}')
            return json.loads(answer)

        return node, step

    @staticmethod
    def end(node):
        node.stdin.close()   # it closes the browser
        try:
            node.wait(15)
        except subprocess.TimeoutExpired:
            node.kill()
            node.wait()
        node.stdout.close()

    def labels(self, records):
        """The labels of all structured events in these payloads, in the order of arrival."""
        found = []
        for record in records:
            at = record.find(b'{"schema"')
            if at >= 0:
                body, _ = json.JSONDecoder().raw_decode(record[at:].decode('utf-8', 'replace'))
                found += [event['se_la'] for event in body['data'] if event.get('e') == 'se']
        return found

    def wait_for(self, collector, labels, seconds_max=20):
        deadline = time.monotonic() + seconds_max
        while time.monotonic() < deadline and not set(labels) <= set(self.labels(collector.records(0))):
            time.sleep(0.1)
        return self.labels(collector.records(0))

    def test_cookies_anonymous_mode_and_a_retry(self):
        collector = self.start()
        node, step = self.browser()
        url = f'http://127.0.0.1:{self.page.server_port}/'
        expected = []

        def track(name, count=5):
            labels = [f'{name}-{i}' for i in range(count)]
            expected.extend(labels)
            step(track=labels)
            return labels

        step(open=url)
        step(tracker={})
        self.assertEqual(set(self.wait_for(collector, track('first'))), set(expected))
        step(open=url)   # the cookie outlives the page
        step(tracker={})
        self.wait_for(collector, track('second'))
        ids = {cookie for record in collector.records(0) for cookie in self.cookie_ids(record)}
        self.assertEqual(len(ids), 1, 'one visitor, one id')

        before = len(collector.records(0))
        step(open=url)
        step(tracker={'anonymousTracking': {'withServerAnonymisation': True}})
        self.wait_for(collector, track('anonymous'))
        anonymous = [r for r in collector.records(0)[before:] if b'sp-anonymous: *' in r.lower()]
        self.assertTrue(anonymous)
        for record in anonymous:
            self.assertIn(b'00000000-0000-0000-0000-000000000000', record)
            self.assertIn(b'unknown', record[:20])   # instead of the address
            self.assertEqual(self.cookie_ids(record), [])
        # A page that is left before its answer has come sends those events again from the next one.
        self.assertEqual(set(self.labels(collector.records(0))), set(expected))
        self.assertEqual(collector.stop(), 0)

        away = self.start(COOKIE + f', streams.sink.brokers = "127.0.0.1:{free_port()}"', sink='kafka')
        step(open=url)
        step(tracker={})
        track('away')
        self.assertGreater(step(drain=4000)['failures'], 0)
        away.__exit__()

        back = self.start()
        track('back', 1)   # a tracker looks at its queue when something new comes
        arrived = self.wait_for(back, [label for label in expected if label.startswith(('away', 'back'))], 60)
        self.assertEqual(set(arrived), {label for label in expected if label.startswith(('away', 'back'))})
        self.assertEqual(step(drain=20000)['left'], 0)
        records = len(back.records(0))
        time.sleep(3)
        self.assertEqual(len(back.records(0)), records, 'nothing is sent for ever')
        node.stdin.write('{"quit": true}\n')
        node.stdin.close()
        self.assertEqual(node.wait(20), 0)

    @staticmethod
    def cookie_ids(record):
        """Values of the cookie `sp` in the stored header list."""
        return [part[3:] for line in record.split(b'Cookie: ')[1:] for part in line[:200].split(b'; ') if part.startswith(b'sp=')
                for part in [part[:39]]]


if __name__ == '__main__':
    unittest.main()
