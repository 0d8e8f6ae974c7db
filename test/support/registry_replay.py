"""Replays recorded exchanges with a registry: JSON lines {scenario, step, config, method, path, headers, body?, status, response…}.
Every scenario starts with an empty registry. `${name}` is a value that an earlier step captured."""
import base64
import collections
import json
import re

from support.pipeline import scratch_directory
from support.registry_server import RegistryServer

SUPER_KEY = '5fb4713d-73ad-4163-93a9-2b82f0177c5b'
OPTIONS = {'default': [], 'patches': ['--patches-allowed'], 'nokey': ['--no-debug']}
COMPARED_HEADERS = ('content-type', 'vary')
OF_ITSELF = ('/version', '/database')  # in /api/meta/server

Answer = collections.namedtuple('Answer', 'status headers text')
Difference = collections.namedtuple('Difference', 'step answer text')


def replay(steps, program=None, options=()):
    """What was answered otherwise: {(scenario, config, step): Difference}."""
    groups = collections.OrderedDict()
    for step in steps:
        groups.setdefault((step['scenario'], step['config']), []).append(step)
    differences = {}
    for (scenario, config), group in groups.items():
        key = SUPER_KEY if config != 'nokey' else None
        with scratch_directory() as directory, RegistryServer(
                directory, *OPTIONS[config], *options, '--body-max', str(32 << 20), super_key=key, program=program) as server:
            values = {'super': SUPER_KEY}
            for step in group:
                answer = ask(server, step, values)
                text = differs(step, answer, values)
                if text:
                    differences[(scenario, config, step['step'])] = Difference(step, answer, text)
    return differences


def ask(server, step, values):
    def fill(text):
        text = re.sub(r'\$\{(\w+)\}', lambda match: values.get(match.group(1), match.group(0)), text)
        return re.sub(r'@PAD:(\d+)@', lambda match: 'x' * int(match.group(1)), text)

    if 'raw_request' in step:
        status, headers, body = server.send(fill(step['raw_request']).encode())
    else:
        content = base64.b64decode(step['body_b64']) if 'body_b64' in step else None
        if 'body' in step:
            text = step['body'] if isinstance(step['body'], str) else json.dumps(step['body'])
            content = fill(text).encode()
        headers = [(name, fill(value)) for name, value in step['headers']]
        status, headers, body = server.request(step['method'], fill(step['path']), content, headers)
    return Answer(status, headers, body.decode('utf-8', 'replace'))


def differs(step, answer, values):
    if answer.status != step['status']:
        return f"status {answer.status}, not {step['status']}: {answer.text[:300]}"
    wanted, got = compared_headers(step['response_headers']), compared_headers(answer.headers)
    if wanted != got:
        return f'headers {got}, not {wanted}'
    return body_differs(step, answer.text, values)


def compared_headers(items):
    return {name.lower(): value.replace('UTF-8', 'utf-8') for name, value in items
            if name.lower() in COMPARED_HEADERS or name.lower().startswith('access-control-')}


def json_values(text):
    """JSON texts, one after the other, with nothing between them: a list of drafts."""
    values, at = [], 0
    while at < len(text):
        value, at = json.JSONDecoder().raw_decode(text, at)
        values.append(value)
    return values


def without_times(value):
    if isinstance(value, list):
        return [without_times(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: {key: part for key, part in inner.items() if key not in ('createdAt', 'updatedAt')}
            if name == 'metadata' and isinstance(inner, dict) else without_times(inner) for name, inner in value.items()}


def body_differs(step, text, values):
    if 'response_summary' in step:
        wanted = step['response_summary']
        same = not isinstance(wanted, dict) or wanted['bytes'] == len(text.encode())
        return '' if same else f'{len(text.encode())} bytes, not {wanted}'
    if 'response_text' in step:
        same = text == step['response_text']
        if not same and step['response_text'].startswith('{') and text.startswith('{'):
            same = without_times(json_values(text)) == without_times(json_values(step['response_text']))
        return '' if same else f"text {text!r}, not {step['response_text']!r}"
    wanted = step.get('response')
    if wanted is None and 'response_raw' in step:
        wanted = json.loads(step['response_raw'], parse_float=str)
        got = json.loads(text, parse_float=str)
    elif wanted is None:
        return ''
    else:
        try:
            got = json.loads(text)
        except ValueError:
            return f'no JSON: {text[:300]!r}'
    for name, pointer in step.get('capture', {}).items():
        values[name] = got
        for part in pointer.strip('/').split('/'):
            values[name] = values[name][part]
    itself = OF_ITSELF if step['path'] == '/api/meta/server' else ()
    for pointer in (*step.get('volatile', ()), *itself):
        drop(wanted, pointer.strip('/').split('/'))
        drop(got, pointer.strip('/').split('/'))
    wanted, got = settled(wanted), settled(got)
    return '' if wanted == got else f'{first_difference(wanted, got)}'


def drop(value, path):
    for part in path[:-1]:
        value = value[int(part)] if isinstance(value, list) and part.isdigit() else value.get(part, {}) if isinstance(value, dict) else {}
    if isinstance(value, dict):
        value.pop(path[-1], None)


def settled(value):
    """The order of reports is free."""
    if isinstance(value, dict) and 'report' in value:
        return {**value, 'report': sorted(value['report'], key=lambda item: json.dumps(item, sort_keys=True))}
    return value


def first_difference(wanted, got, place=''):
    if isinstance(wanted, dict) and isinstance(got, dict):
        for name in wanted.keys() | got.keys():
            if wanted.get(name) != got.get(name):
                return first_difference(wanted.get(name), got.get(name), f'{place}/{name}')
    if isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        for index, (a, b) in enumerate(zip(wanted, got)):
            if a != b:
                return first_difference(a, b, f'{place}/{index}')
    return f'{place or "/"}: {json.dumps(got)[:700]}, not {json.dumps(wanted)[:700]}'
