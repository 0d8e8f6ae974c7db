"""Rows of an enricher against recorded ones. `core` differences are those that a consumer sees; `full` has every other one.
What is compared, and what is not, is said in test/golden/README.md."""
import json
import re

COLUMNS = 131
ETL_TSTAMP, EVENT_ID, V_ETL, DERIVED_TSTAMP, TRUE_TSTAMP = 2, 6, 11, 124, 130
JSON_COLUMNS = (52, 58, 122)  # contexts, unstruct_event, derived_contexts
GENERATED_ID = '00000000-0000-4000-8000-000000000000'  # stands in the recordings where the reference made one
UUID = re.compile(r'[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}')
OF_A_RUN = ('processor', 'lastAttempt', 'attempts', 'etl_tstamp', 'v_etl')
UNORDERED = ('messages', 'dataReports', 'parameters', 'expectedMapping', 'schemaIssues', 'lookupHistory', 'targets')
# Texts that go on with words of a library (parsers of JSON, URIs and Thrift, script engines, JDBC): core reads no further.
QUOTED = re.compile(r'(invalid json|could not base64 decode|error deserializing raw event|with encoding [^:]*|could not parse body|Error|'
                    r'by Java parsing|Error during execution of JavaScript function|exception calculating derived timestamp|'
                    r"expection was thrown|could not convert access log timestamp|could not extract '[^']*'|"
                    r'[Cc]ould not decode server response)[ :(].*', re.S)
LIBRARY = re.compile(r'(org\.postgresql|com\.mysql|java\.|Unexpected |No content|Unrecognized |Numeric value|Illegal unquoted|Invalid numeric|'
                     r'Non-standard|PKIX|Received premature|EOF$|port out of range|string matching regex|'
                     r"'\$' expected|Read timed out|Connection refused|Could not extract |Could not parse output JSON|NonEmptyList\(|"
                     r'API Request enrichment:JSONPath error|.*OER response is not JSON).*', re.S)


def compare(case, answer):
    """Of a case and the program's answer {good, bad, pii?}: (core differences, full differences)."""
    if 'config_error' in case:
        told = f'the configuration is to be refused: {str(case["config_error"])[:300]}'
        return ([] if answer and answer.get('refused') else [told]), []
    if answer is None or answer.get('refused'):
        return ['no output'], []
    if case.get('crash'):  # the reference dies of it
        return ([] if answer['good'] or answer['bad'] else ['no row at all']), []
    core, full = [], []
    for kind, compare_one in (('good', compare_good), ('pii', compare_pii), ('bad', compare_bad)):
        expected, found = case.get(kind) or [], answer.get(kind) or []
        if len(expected) != len(found):
            core.append(f'{len(expected)} {kind} rows expected, {len(found)} found: {str(found)[:300]}')
            continue
        for wanted, row in zip(expected, found):
            core_one, full_one = compare_one(wanted, row)
            core += [f'{kind}: {text}' for text in core_one]
            full += [f'{kind}: {text}' for text in full_one]
    return core, full


def compare_good(wanted, row, times=(ETL_TSTAMP, V_ETL)):
    expected, found = wanted.split('\t'), row.split('\t')
    if len(found) != COLUMNS:
        return [f'{len(found)} columns'], []
    core, full = [], []
    for place, (a, b) in enumerate(zip(expected, found)):
        if a == b or place in times or place == EVENT_ID and a == GENERATED_ID and UUID.fullmatch(b):
            continue
        full.append(f'column {place + 1}: expected {a[:160]!r}, found {b[:160]!r}')
        if place not in JSON_COLUMNS or not is_same_json(a, b):
            core.append(full[-1])
    return core, full


def compare_pii(wanted, row):
    if f'"parentEventId":"{GENERATED_ID}' in wanted:
        wanted, row = (re.sub(r'("parentEventId":")[0-9a-f-]{36}', r'\1*', text) for text in (wanted, row))
    return compare_good(wanted, row, (ETL_TSTAMP, V_ETL, DERIVED_TSTAMP, TRUE_TSTAMP))


def is_same_json(a, b):
    try:
        return plain(json.loads(a)) == plain(json.loads(b))
    except ValueError:
        return False


def plain(value):
    return json.dumps(value, sort_keys=True)


def compare_bad(wanted, row):
    row = json.loads(row) if isinstance(row, str) else row
    any_id = GENERATED_ID in json.dumps(wanted)

    def text(value, is_core):
        text = plain(compared(value, is_core))
        return re.sub(r'"event_id": "[^"]*"', '"event_id": "*"', text) if any_id else text

    for is_core in (True, False):
        if text(wanted, is_core) != text(row, is_core):
            difference = [first_difference(compared(wanted, is_core), compared(row, is_core))]
            return (difference, difference) if is_core else ([], difference)
    return [], []


def compared(row, is_core):
    """A bad row without what is not compared."""
    out, name = without_run(row, is_core), row['schema'].split('/')[1]
    if name == 'generic_error' and is_core:
        out['data']['failure'] = '*'
    if name == 'size_violation':  # its payload is cut where the reference's representation ends
        out['data']['payload'] = '*'
        out['data']['failure'].pop('actualSizeBytes', None)
    return out


def without_run(value, is_core, name=None):
    if isinstance(value, dict):
        return {key: '*' if key in OF_A_RUN or key == 'timestamp' and name == 'failure' else without_run(item, is_core, key)
                for key, item in value.items()}
    if isinstance(value, list):
        items = [without_run(item, is_core, name) for item in value]
        return sorted(items, key=plain) if name in UNORDERED else items
    if not isinstance(value, str):
        return value
    if value.startswith(('{"schema"', '[{')):
        try:
            return without_run(json.loads(value), is_core, name)
        except ValueError:
            pass
    if is_core and name == 'error' and LIBRARY.match(value):
        return '*'
    return QUOTED.sub(r'\1 *', value) if is_core else value


def first_difference(a, b, place='$'):
    if isinstance(a, dict) and isinstance(b, dict):
        for key in [*a, *(key for key in b if key not in a)]:
            if (key in a) != (key in b) or plain(a[key]) != plain(b[key]):
                return first_difference(a.get(key), b.get(key), f'{place}.{key}')
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for index, (x, y) in enumerate(zip(a, b)):
            if plain(x) != plain(y):
                return first_difference(x, y, f'{place}[{index}]')
    return f'{place}: expected {plain(a)[:240]}, found {plain(b)[:240]}'
