"""Requests of a megabyte, grown and mutated from the fuzzers' corpora, through a running `snowline up`.

script/faults large_records [--records 1000] [--seed 1] [--memory-mb 400]

Exit code 0: every record was committed, in the memory given, and events between them came. Says the longest time between two commits.
Each worker may have a record of 64 MB of rows while those of another commit, so memory is more than that of one record.
"""
import argparse
import json
import os
import random
import re
import sys
import time
import urllib.error
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from support import large_records
from support.pipeline import Pipeline, scratch_directory

CORPUS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'fuzz', 'corpus')
BYTES = 950_000  # of a request; the collector takes a million
BETWEEN = 10  # a good event behind so many
PATIENT_S = 300


def corpus(name):
    folder = os.path.join(CORPUS, name)
    return [open(os.path.join(folder, file), 'rb').read() for file in sorted(os.listdir(folder))]


def requests():
    """(path, querystring, content type, body) of the corpora of adapters and querystrings."""
    out = []
    for seed in corpus('enricher_adapters_fuzz'):
        place, querystring, content_type, body = (seed.split(b'\n', 3) + [b''] * 3)[:4]
        vendor, _, version = place.partition(b' ')
        out.append((f'/{vendor.decode()}/{version.decode()}', querystring, content_type.decode(), body))
    for seed in corpus('enricher_querystring_fuzz'):
        event = {'e': 'pv', 'p': 'web', 'tv': 't', 'url': seed.decode('latin-1')}
        out.append((large_records.TP2, seed, 'application/json', large_records.body_of(event, 1)))
    return out


def grown(body, size, chance):
    """As many events, members or lines as there is room for."""
    if not body or body == b'-':
        return body
    envelope = re.match(rb'(?s)(\{"schema":"[^"]*","data":\[|\[)(.*)(\]\}|\])$', body)
    if envelope:
        item = envelope[2] + b','
        return envelope[1] + (item * max(1, size // len(item)))[:-1] + envelope[3]
    if body.startswith(b'{'):
        kind = chance.choice(('members', 'nested', 'text'))
        if kind == 'members':
            members = b''.join(b'"m%d":%d,' % (i, i) for i in range(size // 14))
            return b'{' + members + body[1:]
        if kind == 'nested':
            return b'{"n":' + b'[' * 900 + b']' * 900 + b',"t":[' + b'{"a":[1,"b"]},' * (size // 14) + b'0],' + body[1:]
        return b'{"t":"' + b'\\u00e9' * (size // 6) + b'",' + body[1:]
    separator = b'&' if b'=' in body and b'\t' not in body else b'\n'
    if separator == b'&' and chance.random() < 0.5:
        return body + b''.join(b'&k%d=v' % i for i in range(size // 9))
    return (body + separator) * max(1, size // (len(body) + 1))


def mutated(text, chance):
    out = bytearray(text)
    for _ in range(chance.choice((0, 0, 1, 3, 50))):
        if out:
            out[chance.randrange(len(out))] = chance.choice(b'"\\{}[],:&=%\0\xff\xe9a0\n')
    return bytes(out)


def make(seeds, chance):
    path, querystring, content_type, body = chance.choice(seeds)
    in_querystring = chance.choice((0, 0, 5_000, 25_000))
    in_headers = chance.choice((0, 0, 95_000))
    if in_querystring and querystring:
        querystring = grown(querystring, in_querystring, chance)
    querystring = re.sub(rb'[^!-~]|[#"<>\\^`{|}]', lambda found: b'%%%02X' % found[0][0], mutated(querystring, chance))
    body = mutated(grown(body, BYTES - len(querystring) - in_headers, chance), chance)
    headers = {f'X-Much-{i}': 'h' * 7_900 for i in range(in_headers // 7_900)}
    if content_type != '-':
        headers['Content-Type'] = content_type
    return f'{path}?{querystring.decode()}' if querystring else path, body, headers


def send(port, path, body, headers):
    try:
        return large_records.post(port, path, body, headers)
    except urllib.error.HTTPError as refused:
        return refused.code


def totals(pipeline):
    with urllib.request.urlopen(f'http://127.0.0.1:{pipeline.admin_port}/metrics', timeout=30) as answer:
        text = answer.read().decode()
    return {name: float(value) for name, value in re.findall(r'^(\w+(?:\{[^}]*\})?) (\S+)$', text, re.M)}


def run(options):
    chance, seeds = random.Random(options.seed), requests()
    sent = behind = 0
    longest = 0.0
    with scratch_directory() as directory:
        with Pipeline(directory, '--quiet') as pipeline:
            while sent < options.records:
                path, body, headers = make(seeds, chance)
                if send(pipeline.port, path, body, headers) != 200:
                    continue
                sent += 1
                if sent % BETWEEN == 0:
                    event = {'e': 'pv', 'p': 'web', 'tv': 't', 'aid': 'behind', 'eid': '', 'tna': str(behind)}
                    large_records.post(pipeline.port, large_records.TP2, large_records.body_of(event, 1))
                    behind += 1
                began = time.monotonic()
                while totals(pipeline)['enrich_records_total'] < sent + behind - 3:  # some wait, so that both workers have one
                    if pipeline.process.poll() is not None:
                        print(f'ended with {pipeline.process.returncode} behind record {sent}:', *pipeline.output[-5:], sep='\n')
                        return False
                    if time.monotonic() - began > PATIENT_S:
                        print(f'nothing is committed behind record {sent}: {path[:100]} {headers} {body[:200]}')
                        return False
                    time.sleep(0.02)
                if time.monotonic() - began > longest:
                    longest = time.monotonic() - began
                    print(f'record {sent}: {longest:.1f} s behind {path[:80]}, {len(body)} bytes', flush=True)
            began = time.monotonic()
            while totals(pipeline)['enrich_records_total'] < sent + behind and time.monotonic() - began < PATIENT_S:
                time.sleep(0.05)
            counted = totals(pipeline)
            memory = large_records.peak_memory_bytes(pipeline.process.pid)
            stopped = pipeline.stop(60)
    good = counted.get('enrich_app_events_total{app_id="behind",result="good"}', 0)
    print(json.dumps({'records': sent, 'committed': counted['enrich_records_total'] - behind, 'events_behind': behind, 'of_them_good': good,
                      'memory_mb': round(memory / 1e6), 'left_out': counted['enrich_events_left_out_total'],
                      'out_of_time': counted['enrich_records_out_of_time_total'], 'longest_s': round(longest, 1)}))
    return (counted['enrich_records_total'] == sent + behind and good == behind and memory <= options.memory_mb * 1e6
            and counted['enrich_records_out_of_time_total'] == 0 and stopped == 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--records', type=int, default=1000)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--memory-mb', type=int, default=400)
    sys.exit(0 if run(parser.parse_args()) else 1)


if __name__ == '__main__':
    main()
