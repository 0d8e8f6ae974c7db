"""The enricher's private port and its reports, on the embedded log: what was sent is what is counted."""

import json
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test"))
from support.kafka_node import free_port  # noqa: E402
from support.services import Service, wait_http  # noqa: E402

PATIENCE = 30
GOOD = {"e": "pv", "p": "web", "tv": "test", "aid": "shop"}
BAD = {"e": "ue", "p": "web", "tv": "test", "aid": "shop",
       "ue_pr": json.dumps({"schema": "iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0",
                            "data": {"schema": "iglu:com.snowplowanalytics.snowplow/link_click/jsonschema/1-0-1",
                                     "data": {"elementId": "buy"}}})}
ANON_IP = {"schema": "iglu:com.snowplowanalytics.snowplow/anon_ip/jsonschema/1-0-1",
           "data": {"name": "anon_ip", "vendor": "com.snowplowanalytics.snowplow", "enabled": True,
                    "parameters": {"anonOctets": 2, "anonSegments": 2}}}


def ask(url, method="GET", headers=None):
    request = urllib.request.Request(url, method=method, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def samples(page):
    return {name: float(value) for name, value in re.findall(r"^([^#\s].*) (\S+)$", page, re.M)}


class EnricherAdmin(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory(prefix="snowline-admin-")
        cls.addClassCleanup(cls.scratch.cleanup)
        directory = pathlib.Path(cls.scratch.name)
        (directory / "enrichments").mkdir()
        (directory / "enrichments" / "anon_ip.json").write_text(json.dumps(ANON_IP))
        port, cls.admin = free_port(), free_port()
        cls.statsd = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        cls.addClassCleanup(cls.statsd.close)
        cls.statsd.bind(("127.0.0.1", 0))
        cls.statsd.settimeout(0.2)
        collector = Service(directory, "collector", "snowline-collector", f"""
            collector {{ interface = "127.0.0.1", port = {port}, preTerminationPeriod = 0 seconds
                         streams {{ good = raw, bad = bad, sink {{ enabled = embedded }} }} }}
            snowline.data = "{directory}/data" """)
        cls.enricher = Service(directory, "enricher", "snowline-enricher", f"""
            input {{ type = Embedded, path = "{directory}/data" }}
            output {{ good {{ type = Embedded }}, bad {{ type = Embedded }} }}
            monitoring.metrics {{
              statsd {{ hostname = "127.0.0.1", port = {cls.statsd.getsockname()[1]}, period = 500 ms, tags {{ env = test }} }}
              stdout {{ period = 500 ms }}
            }}
            snowline.admin.port = {cls.admin}""", "--enrichments", directory / "enrichments")
        for service in (collector, cls.enricher):
            cls.addClassCleanup(service.kill)
            service.start()
        wait_http(f"http://127.0.0.1:{cls.admin}/ready")
        wait_http(f"http://127.0.0.1:{port}/health")
        body = {"schema": "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4",
                "data": [GOOD, GOOD, BAD]}
        for _ in range(5):
            request = urllib.request.Request(f"http://127.0.0.1:{port}/com.snowplowanalytics.snowplow/tp2",
                                             json.dumps(body).encode(), {"Content-Type": "application/json"})
            urllib.request.urlopen(request, timeout=10).close()
        deadline = time.monotonic() + PATIENCE
        while cls.counted().get("enrich_records_total") != 5:
            assert time.monotonic() < deadline, cls.enricher.log_tail()
            time.sleep(0.05)

    @classmethod
    def counted(cls):
        return samples(ask(f"http://127.0.0.1:{cls.admin}/metrics")[1])

    def test_counts_are_what_was_sent(self):
        counted = self.counted()
        expected = {
            'enrich_events_total{result="good"}': 10,
            'enrich_events_total{result="bad"}': 5,
            'enrich_rows_total{output="good"}': 10,
            'enrich_rows_total{output="bad"}': 5,
            'enrich_app_events_total{app_id="shop",result="good"}': 10,
            'enrich_app_events_total{app_id="shop",result="bad"}': 5,
            'enrich_schema_events_total{schema="com.snowplowanalytics.snowplow/page_view/jsonschema/1-0-0"}': 10,
            'enrich_bad_rows_total{type="schema_violations",'
            'schema="com.snowplowanalytics.snowplow/link_click/jsonschema/1-0-1"}': 5,
            'enrich_enrichment_duration_seconds_count{enrichment="anon_ip"}': 10,
            'enrich_event_delay_seconds_count': 15,
            'enrich_log_connected': 1,
            'kafka_consumergroup_group_lag{group="enrich",topic="raw",partition="0"}': 0,
        }
        self.assertEqual({name: counted.get(name) for name in expected}, expected)
        self.assertGreater(counted['enrich_txn_commits_total{outcome="committed"}'], 0)
        self.assertGreater(counted["process_resident_memory_bytes"], 1e6)

    def test_promtool_likes_the_page(self):
        promtool = shutil.which("promtool")
        if not promtool:
            self.skipTest("no promtool here (Debian: prometheus)")
        page = ask(f"http://127.0.0.1:{self.admin}/metrics")[1]
        done = subprocess.run([promtool, "check", "metrics"], input=page, text=True, capture_output=True)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_every_metric_is_in_the_documents(self):
        page = ask(f"http://127.0.0.1:{self.admin}/metrics")[1]
        told = (ROOT / "docs" / "metrics.md").read_text()
        names = re.findall(r"^# TYPE (\S+)", page, re.M)
        self.assertGreater(len(names), 25)
        self.assertEqual([name for name in names if f"`{name}`" not in told], [])
        listed = set(re.findall(r"`((?:enrich|kafka)_\w+)`", told))
        self.assertEqual(sorted(listed - set(names)), [])

    def test_statsd_and_standard_output_have_the_reference_names(self):
        sums, gauges = {}, {}
        deadline = time.monotonic() + PATIENCE
        while sums.get("bad", 0) < 5 or "latency" not in gauges:
            self.assertLess(time.monotonic(), deadline, str(sums))
            try:
                line = self.statsd.recv(1000).decode()
            except TimeoutError:
                continue
            found = re.fullmatch(r"snowplow\.enrich\.(\w+):(\d+)\|([cg])\|#env:test\n", line)
            self.assertTrue(found, line)
            name, value, kind = found.groups()
            if kind == "c":
                sums[name] = sums.get(name, 0) + int(value)
            else:
                gauges[name] = int(value)
        self.assertEqual((sums["raw"], sums["good"], sums["bad"], sums["invalid_enriched"]), (5, 10, 5, 0))
        while "snowplow.enrich.good = " not in self.enricher.log_path.read_text():   # has a period of its own
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)

    def test_health_ready_and_unknown_paths(self):
        self.assertEqual(ask(f"http://127.0.0.1:{self.admin}/health"), (200, "OK\n"))
        self.assertEqual(ask(f"http://127.0.0.1:{self.admin}/ready"), (200, "OK\n"))
        self.assertEqual(ask(f"http://127.0.0.1:{self.admin}/nothing")[0], 404)
        self.assertEqual(ask(f"http://127.0.0.1:{self.admin}/metrics", "POST")[0], 405)

    def test_the_log_level_is_read_and_set(self):
        url = f"http://127.0.0.1:{self.admin}/loglevel"
        self.assertEqual(ask(url), (200, "info\n"))
        self.assertEqual(ask(f"{url}?level=debug", "PUT"), (200, "debug\n"))
        self.assertEqual(ask(url), (200, "debug\n"))
        status, told = ask(f"{url}?level=loud", "POST")
        self.assertEqual(status, 400)
        self.assertIn("debug info warn error off", told)
        self.assertEqual(ask(f"{url}?level=off", "POST", {"Origin": "https://evil.example"})[0], 403)
        self.assertEqual(ask(f"{url}?level=info", "POST"), (200, "info\n"))
        self.assertEqual(ask(url, "DELETE")[0], 405)


if __name__ == "__main__":
    unittest.main()
