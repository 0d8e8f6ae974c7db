#!/usr/bin/env python3
"""Writes test/golden/vectors/ from the recordings in ../shared: the part that runs on the project's own schemas and assets.

  test/golden/select_vectors.py [--shared DIR] [--check]     --check writes nothing, and fails where the files would become others

Left out is what needs what is not the project's: schemas of other vendors (beyond those of iglu/schemas/, which are built in,
and com.acme's, made for the recordings), databases, the JSON Schema test suite. The same recordings give the same bytes.
"""
import argparse
import gzip
import io
import json
import os
import re
import shutil
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'test'))
from support import golden  # noqa: E402

# Suites of the enrichments that Snowline has and that need no database; `none` has the cases, the others what differs.
ENRICHER_SUITES = ('none', 'anon_ip', 'anon_ip_all_1_0_0', 'campaign_attribution', 'cookie_extractor', 'event_fingerprint_md5',
                   'event_fingerprint_sha1', 'event_fingerprint_sha256', 'event_fingerprint_sha384', 'event_fingerprint_sha512',
                   'http_header_extractor', 'pii_json_md5_emit', 'pii_md2', 'pii_scalar_sha1', 'pii_sha384', 'pii_sha512')
SCHEMA_URI = re.compile(r'iglu:[\w.-]+/[\w.-]+/[\w.-]+/\d+-\d+-\d+')


def schema_uris(folder):
    return {'iglu:' + os.path.relpath(os.path.join(place, file), folder).replace(os.sep, '/')
            for place, _, files in os.walk(folder) for file in files}


def write(path, lines):
    """A compressed file without a name or a time in it."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    out = io.BytesIO()
    with gzip.GzipFile('', 'wb', 9, out, mtime=0) as file:
        file.write(''.join(line + '\n' for line in lines).encode())
    with open(path, 'wb') as file:
        file.write(out.getvalue())


def copy(source, target):
    """A folder's files, without their modes: recordings may be read-only."""
    for place, _, files in os.walk(source):
        os.makedirs(os.path.join(target, os.path.relpath(place, source)), exist_ok=True)
        for name in files:
            path = os.path.join(place, name)
            shutil.copyfile(path, os.path.join(target, os.path.relpath(path, source)))


def with_id(case, line):
    """A case that is known by its place among all cases keeps its name in a selection. Numbers keep their spelling."""
    return '{"id":' + json.dumps(case) + ',' + line[1:]


def select_collector(source, target):
    for name in golden.names(source):
        write(f'{target}/{name}.jsonl.gz', golden.read_lines(source, name))
        shutil.copyfile(f'{source}/{name}.hocon', f'{target}/{name}.hocon')


def select_enricher(source, target):
    foreign = {uri for uri in schema_uris(f'{source}/iglu') - schema_uris(f'{ROOT}/iglu/schemas')
               if not uri.startswith('iglu:com.acme/')}
    left_out = set()
    for suite in ENRICHER_SUITES:
        kept = []
        for line in golden.read_lines(source, suite):
            case = json.loads(line)
            rows = json.dumps({name: value for name, value in case.items() if name != 'raw_b64'})
            if case['name'] in left_out or foreign.intersection(SCHEMA_URI.findall(rows)):
                left_out.add(case['name'])
            else:
                kept.append(line)
        write(f'{target}/{suite}.jsonl.gz', kept)
        if suite != 'none':
            copy(f'{source}/enrichments/{suite}', f'{target}/enrichments/{suite}')
    copy(f'{source}/iglu/com.acme', f'{target}/iglu/com.acme')


def select_iglu(source, target):
    own = schema_uris(f'{ROOT}/iglu/schemas')
    kept_of = {'central': lambda case: case['schema_uri'] in own, 'patterns': lambda case: case['src'] != 'central'}
    for name in ('formats', 'keywords', 'keys', 'resolver'):
        write(f'{target}/{name}.jsonl.gz', golden.read_lines(source, name))
    for name, is_kept in kept_of.items():
        cases = [(line, json.loads(line)) for line in golden.read_lines(source, name)]
        judged = [(line, case) for line, case in cases if 'instance' in case]
        write(f'{target}/{name}.jsonl.gz',
              [with_id(f'{name}:{place}', line) for place, (line, case) in enumerate(judged) if is_kept(case)])


def select_registry(source, target):
    for name in ('registry', 'igluctl_client', 'webhooks'):
        write(f'{target}/{name}.jsonl.gz', golden.read_lines(source, name))
    write(f'{target}/lint.jsonl.gz',
          [line for line in golden.read_lines(source, 'lint') if json.loads(line)['kind'] == 'hand-made'])


def contents(folder):
    """What lies in a folder. Compressed files are compared by what is in them: another zlib may pack it otherwise."""
    found = {}
    for place, _, files in os.walk(folder):
        for name in files:
            path = os.path.join(place, name)
            with (gzip.open if name.endswith('.gz') else open)(path, 'rb') as file:
                found[os.path.relpath(path, folder)] = file.read()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--shared', default=golden.SHARED)
    parser.add_argument('--check', action='store_true')
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        for kind, select in (('collector', select_collector), ('enricher', select_enricher), ('iglu', select_iglu),
                             ('registry', select_registry)):
            os.makedirs(f'{scratch}/{kind}')
            select(os.path.join(options.shared, 'golden', kind), f'{scratch}/{kind}')
        new, old = contents(scratch), contents(golden.OWN)
        others = sorted(path for path in new.keys() | old.keys() if new.get(path) != old.get(path))
        print('\n'.join(others) or 'the vectors are those of the recordings')
        if options.check:
            return int(bool(others))
        shutil.rmtree(golden.OWN, ignore_errors=True)
        copy(scratch, golden.OWN)
    return 0


if __name__ == '__main__':
    sys.exit(main())
