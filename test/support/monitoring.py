"""What docker/ has for watching Snowline: rules, their cases, the dashboard; and which metrics they name."""
import json
import pathlib
import re

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROMETHEUS = ROOT / 'docker' / 'prometheus'
DASHBOARDS = ROOT / 'docker' / 'grafana' / 'dashboards'
RUNBOOKS = ROOT / 'docs' / 'runbooks'
CASES = sorted(PROMETHEUS.glob('*_test.yaml'))

# Our programs' names; others (up, ALERTS) are Prometheus' own.
METRIC = re.compile(r'(?<![\w:])(?:collector|enrich|kafka|process|snowline)_[a-z0-9_]+(?![\w:])')
# What a histogram is in Prometheus' text.
HISTOGRAM_PARTS = ('_bucket', '_sum', '_count')


def rules():
    groups = yaml.safe_load((PROMETHEUS / 'rules.yaml').read_text())['groups']
    return [rule for group in groups for rule in group['rules']]


def alerts():
    return [rule for rule in rules() if 'alert' in rule]


def cases():
    """(alert, expected alerts) of each case."""
    return [(asked['alertname'], asked['exp_alerts']) for path in CASES for test in yaml.safe_load(path.read_text())['tests']
            for asked in test['alert_rule_test']]


def dashboard_expressions():
    """As Prometheus gets them: Grafana's variables are replaced."""
    found = []
    for path in sorted(DASHBOARDS.glob('*.json')):
        dashboard = json.loads(path.read_text())
        found += [query['expr'] for query in dashboard['annotations']['list'] if 'expr' in query]
        for panel in dashboard['panels']:
            found += [target['expr'] for target in panel.get('targets', [])]
    return [re.sub(r'\$(collector|enricher)\b', '.*', text.replace('$__rate_interval', '5m')) for text in found]


def metrics_in(expression):
    """Names of metrics in an expression, without what is between braces, brackets and quotes."""
    return set(METRIC.findall(re.sub(r'\{[^}]*\}|\b(?:by|on|without) \([^)]*\)', '', expression)))


def metrics_used():
    return set().union(*(metrics_in(text) for text in [rule['expr'] for rule in rules()] + dashboard_expressions()))


def base_name(metric):
    """Of a histogram's part the histogram."""
    for part in HISTOGRAM_PARTS:
        if metric.endswith(part):
            return metric[:-len(part)]
    return metric


def runbook_commands():
    """(page, commands) of each block that begins with ```sh run."""
    found = []
    for page in sorted(RUNBOOKS.glob('*.md')):
        for block in re.finditer(r'^( *)```sh run\n(.*?)^\1```$', page.read_text(), re.M | re.S):
            found.append((page.stem, '\n'.join(line[len(block.group(1)):] for line in block.group(2).splitlines())))
    return found
