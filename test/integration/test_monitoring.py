"""Alerts, dashboard and runbooks: they parse, fire when they should, and name what is there."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from support import monitoring
from support.monitoring import DASHBOARDS, PROMETHEUS, ROOT, RUNBOOKS


def promtool(*arguments, **options):
    if not shutil.which('promtool'):
        raise AssertionError('no promtool here: script/bootstrap --test installs it')
    return subprocess.run(['promtool', *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, **options)


class Monitoring(unittest.TestCase):
    def check(self, *arguments, **options):
        done = promtool(*arguments, **options)
        self.assertEqual(done.returncode, 0, done.stdout.decode())

    def test_prometheus_takes_configuration_and_rules(self):
        self.check('check', 'config', PROMETHEUS / 'prometheus.yml')

    def test_alerts_fire_and_stay_silent(self):
        self.check('test', 'rules', *monitoring.CASES)

    def test_each_alert_has_a_case_that_fires_and_one_that_is_silent(self):
        cases = monitoring.cases()
        for name in {alert['alert'] for alert in monitoring.alerts()}:
            expected = [alerts for alert, alerts in cases if alert == name]
            self.assertTrue(any(expected), f'{name} never fires')
            self.assertFalse(all(expected), f'{name} is never silent')
        # Of an alert with several rules, each one's labels.
        fired = {(name, json.dumps({k: v for k, v in alert['exp_labels'].items() if k in ('severity', 'where')}, sort_keys=True))
                 for name, alerts in cases for alert in alerts}
        for alert in monitoring.alerts():
            self.assertIn((alert['alert'], json.dumps(alert['labels'], sort_keys=True)), fired)

    def test_each_alert_says_what_to_do(self):
        for alert in monitoring.alerts():
            name, notes = alert['alert'], alert['annotations']
            self.assertIn(alert['labels']['severity'], ('page', 'ticket'), name)
            self.assertTrue(notes['summary'] and notes['description'], name)
            self.assertEqual(notes['runbook_url'], '{{ $externalLabels.runbooks }}/' + name + '.md')
            page = (RUNBOOKS / f'{name}.md').read_text()
            self.assertTrue(page.startswith(f'# {name}\n'))
            for part in ('**Means.**', '## See it', '## Do', '```sh run'):
                self.assertIn(part, page, name)

    def test_the_index_has_each_page_with_its_severities(self):
        index = dict(re.findall(r'^\| \[(\w+)\]\(\1\.md\) \| ([^|]+) \|', (RUNBOOKS / 'README.md').read_text(), re.M))
        severities = {}
        for alert in monitoring.alerts():
            severities.setdefault(alert['alert'], set()).add(alert['labels']['severity'])
        self.assertEqual({name: set(text.strip().split(', ')) for name, text in index.items()}, severities)
        self.assertEqual(set(index), {page.stem for page in RUNBOOKS.glob('*.md')} - {'README'})

    def test_the_dashboard_is_what_grafana_reads(self):
        expressions = monitoring.dashboard_expressions()
        self.assertGreater(len(expressions), 30)
        with tempfile.NamedTemporaryFile('w', suffix='.json') as file:   # JSON is YAML
            json.dump({'groups': [{'name': 'panels', 'rules': [{'record': f'panel{n}', 'expr': text}
                                                              for n, text in enumerate(expressions)]}]}, file)
            file.flush()
            self.check('check', 'rules', file.name)
        for path in DASHBOARDS.glob('*.json'):
            panels = json.loads(path.read_text())['panels']
            self.assertEqual(len({panel['id'] for panel in panels}), len(panels))
            taken = set()
            for panel in panels:
                at = panel['gridPos']
                cells = {(x, y) for x in range(at['x'], at['x'] + at['w']) for y in range(at['y'], at['y'] + at['h'])}
                self.assertLessEqual(at['x'] + at['w'], 24)
                self.assertFalse(cells & taken, panel['title'])
                taken |= cells
            for runbook in re.findall(r'Snowline[A-Z]\w+', path.read_text()):
                self.assertTrue((RUNBOOKS / f'{runbook}.md').exists(), runbook)

    def test_recorded_names_that_are_used_are_recorded(self):
        recorded = {rule['record'] for rule in monitoring.rules() if 'record' in rule}
        texts = [rule['expr'] for rule in monitoring.rules()] + monitoring.dashboard_expressions()
        used = {name for text in texts for name in re.findall(r'snowline:[\w:]+', text)}
        self.assertEqual(used - recorded, set())

    def test_metrics_that_are_named_are_documented(self):
        documented = set(monitoring.METRIC.findall((ROOT / 'docs' / 'metrics.md').read_text()))
        pages = [page.read_text() for page in RUNBOOKS.glob('*.md')]
        for metric in sorted(monitoring.metrics_used()):
            self.assertIn(monitoring.base_name(metric), documented)
        for name in {name for page in pages for name in re.findall(r'`((?:collector(?!_payload|_tstamp)|enrich)_[a-z_]+)`', page)}:
            self.assertIn(monitoring.base_name(name), documented)

    def test_compose_mounts_what_is_there(self):
        compose = (ROOT / 'docker' / 'compose.yaml').read_text()
        for source in re.findall(r'"\./([\w./]+):/', compose):
            self.assertTrue((ROOT / 'docker' / source).exists(), source)
        targets = re.findall(r'targets: \["(\w+):(\d+)"\]', (PROMETHEUS / 'prometheus.yml').read_text())
        for service, port in targets:
            self.assertIn(f'\n  {service}:\n', compose)
            configuration = (ROOT / 'docker' / 'compose' / f'{service}.hocon').read_text()
            self.assertRegex(configuration, rf'admin \{{ interface = "0\.0\.0\.0", port = {port} \}}')


if __name__ == '__main__':
    unittest.main()
