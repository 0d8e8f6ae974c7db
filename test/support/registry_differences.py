"""Where our registry answers a recorded exchange otherwise, on purpose. A rule is no list of exchanges: it says what was recorded,
what we answer in its place, and that nothing else is different. docs/compatibility.md tells users."""
import collections
import json
import re

from support.registry_replay import compared_headers, json_values, without_times

Rule = collections.namedtuple('Rule', 'reason holds')


def message(answer):
    try:
        return json.loads(answer.text).get('message')
    except (ValueError, AttributeError):
        return None


def recorded_message(step):
    return step['response'].get('message') if isinstance(step.get('response'), dict) else None


def unknown_repr(step, answer):
    asked = re.search(r'[?&]repr=([^&]*)', step['path'])
    return (bool(asked) and (step['status'], recorded_message(step)) == (405, 'GET not allowed. Defined methods: PUT\n')
            and (answer.status, message(answer)) == (400, f"Unknown schema representation format: '{asked.group(1)}'"))


def numeric_order(step, answer):
    wanted = step.get('response')
    if not isinstance(wanted, list) or (step['status'], answer.status) != (200, 200):
        return False
    wanted, got = without_times(wanted), without_times(json.loads(answer.text))
    as_text = lambda items: sorted(json.dumps(item, sort_keys=True) for item in items)
    if as_text(wanted) != as_text(got):
        return False
    last = {}
    for item in got:
        if isinstance(item, str):
            vendor, name, _, version = item[len('iglu:'):].split('/')
        else:
            vendor, name, version = (item['self'][part] for part in ('vendor', 'name', 'version'))
        numbers = [int(number) for number in version.split('-')]
        if numbers < last.get((vendor, name), [0]):
            return False
        last[vendor, name] = numbers
    return True


def long_name(step, answer):
    return (step['status'], answer.status) == (500, 400) and re.search(r'at most 128 bytes', message(answer) or '') is not None


def nul_in_path(step, answer):
    return '%00' in step['path'] and (step['status'], answer.status) == (500, 404)


def debug(step, answer):
    return (step['path'] == '/api/debug' and (step['status'], answer.status) == (501, 501)
            and step.get('response_text', 'Cannot show ').startswith('Cannot show ') and answer.text == 'Cannot show sqlite')


def formats(step, answer):
    wanted = step.get('response')
    if not isinstance(wanted, dict) or 'report' not in wanted or step['status'] != answer.status:
        return False
    told = lambda item: (item['level'], item['pointer'], item['message'].replace(', ipv6 or uri', ', ipv6, uri or uuid'))
    of_ipv6 = {item['pointer'] for item in wanted['report'] if item['message'].startswith('Unknown format [ipv6]')}
    left = {told(item) for item in wanted['report'] if item['pointer'] not in of_ipv6 or not (
        item['message'].startswith('Unknown format [ipv6]') or item['message'].startswith("A string type in the schema doesn't contain"))}
    return left == {told(item) for item in json.loads(answer.text).get('report', [])}


def own_origin(step, answer):
    wanted, got = compared_headers(step['response_headers']), compared_headers(answer.headers)
    stored, ours = wanted.pop('access-control-allow-origin', None), got.pop('access-control-allow-origin', None)
    asker = dict((name.lower(), value) for name, value in step['headers']).get('origin')
    return (step['status'] == answer.status and wanted == got and stored not in (None, ours) and ours == asker
            and step.get('response') == json.loads(answer.text))


def empty_segment(step, answer):
    return '//' in step['path'] and (step['status'], answer.status, message(answer)) == (404, 404, 'The endpoint does not exist')


def strict_head(step, answer):
    lines = step.get('raw_request', '').split('\r\n\r\n')[0].split('\r\n')[1:]
    names = {line.split(':')[0].lower() for line in lines}
    is_bad = any(':' not in line for line in lines) or {'content-length', 'transfer-encoding'} <= names
    return is_bad and answer.status == 400


def draft_put_again(step, answer):
    """The reference has two rows then, and cannot read them; its memory store has one, as we do."""
    memory = step.get('inmemory')
    if not step['path'].startswith('/api/drafts') or not isinstance(memory, dict) or memory['status'] != answer.status:
        return False
    wanted = [memory['response']] if 'response' in memory else json_values(memory['response_text'])
    return without_times(wanted) == without_times(json_values(answer.text))


RULES = (
    Rule('an unknown repr is 400 for one schema as for lists; the 405 is an accident of the router', unknown_repr),
    Rule('versions of a schema are listed as numbers, and a patch does not move one', numeric_order),
    Rule('a name or a prefix over 128 bytes is 400, not a failure of the database', long_name),
    Rule('NUL in a path is a byte like others, not a failure of the database', nul_in_path),
    Rule('debug names our store, not a class and an address of the reference', debug),
    Rule('ipv6 is a known format, and uuid is named as one', formats),
    Rule('each origin gets its own answer, not that of the cache\'s first asker', own_origin),
    Rule('an empty segment makes another path: a proxy\'s rules must not be led around', empty_segment),
    Rule('a header line without a colon, and a length beside chunks, are refused: they smuggle requests', strict_head),
    Rule('a draft that is put again replaces the first one', draft_put_again),
)


def rule_of(step, answer):
    """The rule that explains a difference, or None."""
    return next((rule for rule in RULES if rule.holds(step, answer)), None)
