"""Requests of a megabyte that become much more: each of their events shows all of their headers, or all of their querystring."""
import base64
import json
import urllib.request

ENVELOPE = 'iglu:com.snowplowanalytics.snowplow/'
TP2 = '/com.snowplowanalytics.snowplow/tp2'


def body_of(event, count):
    return json.dumps({'schema': ENVELOPE + 'payload_data/jsonschema/1-0-4', 'data': [event] * count}, separators=(',', ':')).encode()


def failing_events(count=25_000, header_bytes=95_000):
    """Events that fail, and headers that each of their bad rows shows: (path, body, headers)."""
    headers = {f'X-Much-{i}': 'h' * 7_900 for i in range(header_bytes // 7_900)}
    return TP2, body_of({'e': 'pv', 'p': 'toaster', 'tv': 't'}, count), headers


def contexts_in_querystring(count=22_000, contexts=180):
    """Good events that all have the contexts of the querystring: (path, body, headers)."""
    context = {'schema': ENVELOPE + 'link_click/jsonschema/1-0-1', 'data': {'targetUrl': 'https://shop.example/'}}
    all_of_them = json.dumps({'schema': ENVELOPE + 'contexts/jsonschema/1-0-1', 'data': [context] * contexts}, separators=(',', ':'))
    encoded = base64.urlsafe_b64encode(all_of_them.encode()).decode().rstrip('=')
    return f'{TP2}?cx={encoded}', body_of({'e': 'pv', 'p': 'web', 'tv': 't'}, count), {}


def post(port, path, body, headers=None, seconds_max=60):
    request = urllib.request.Request(f'http://127.0.0.1:{port}{path}', body, {'Content-Type': 'application/json', **(headers or {})})
    with urllib.request.urlopen(request, timeout=seconds_max) as answer:
        return answer.status


def peak_memory_bytes(pid):
    """The most memory that the process has had (VmHWM)."""
    with open(f'/proc/{pid}/status') as status:
        for line in status:
            if line.startswith('VmHWM:'):
                return int(line.split()[1]) * 1024
    raise AssertionError('no VmHWM')
