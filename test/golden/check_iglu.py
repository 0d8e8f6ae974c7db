#!/usr/bin/env python3
"""Gives the recorded schemas and instances to a validator, and compares its verdicts with the reference's. Standard library only.

  test/golden/check_iglu.py --command 'build/release/bin/snowline schema validate --jsonl -'
                            [--known FILE] [--vectors DIR] [--show N] [--json OUT]

The program reads JSON lines {"schema": object or Iglu URI, "instance": …} and prints a line for each, in order:
{"valid":bool,"reports":[{message,path,keyword,targets}…]}, or {"schemaIssues":[…]} for a schema that it refuses, or {"error":…}.
With all of the recordings it needs the schemas of Iglu Central; the project's part goes without. What is compared:
test/golden/README.md. The last line is `N passed, N failed` over verdicts; sets of reports are counted before it.
"""
import argparse
import collections
import json
import os
import shlex
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'test'))
from support import golden  # noqa: E402

RECORDINGS = ('suite', 'central', 'patterns', 'formats', 'keywords')
STANDARD_LEFT_OPEN = ('optional', 'format')  # parts of the draft-04 suite that no validator has to follow


def verdict(answer):
    if answer is None:
        return 'none'
    if 'valid' in answer:
        return 'valid' if answer['valid'] else 'invalid'
    return 'refused' if answer.get('schemaIssues') else 'error'


def right_verdicts(name, case):
    """Empty: any answer is right, as long as there is one."""
    if 'oneOf state' in case.get('note', ''):  # depends on what the reference has judged before
        return {'valid', 'invalid'}
    if name == 'suite' and case['file'] != 'refRemote.json' and not any(part in case['file'] for part in STANDARD_LEFT_OPEN) \
            and 'suite_valid' in case:
        return {'valid' if case['suite_valid'] else 'invalid'}
    return set() if 'exception' in case['ref'] else {verdict(case['ref'])}


def reports(answer):
    return sorted(json.dumps([report.get('message'), report.get('path'), report.get('keyword'), report.get('targets') or []])
                  for report in answer.get('reports', []))


def members(text):
    """The raw texts of an object's members: 1.0 stays 1.0."""
    found, decoder, at = {}, json.JSONDecoder(), text.index('{') + 1
    while True:
        while text[at] in ' ,\t':
            at += 1
        if text[at] == '}':
            return found
        name, at = decoder.raw_decode(text, at)
        at = text.index(':', at) + 1
        while text[at] == ' ':
            at += 1
        _, end = decoder.raw_decode(text, at)
        found[name], at = text[at:end], end


def question(line):
    parts = members(line)
    return '{"schema":%s,"instance":%s}\n' % (parts.get('schema') or parts['schema_uri'], parts['instance'])


def check(name, lines, command, report):
    """Verdicts of a recording; returns (sets of reports that are equal, all that were compared)."""
    cases = [(line, json.loads(line)) for line in lines]
    judged = [(line, case) for line, case in cases if 'instance' in case]
    done = subprocess.run(shlex.split(command), input=''.join(question(line) for line, _ in judged).encode(), stdout=subprocess.PIPE)
    answers = [json.loads(line) for line in done.stdout.decode('utf-8', 'replace').split('\n') if line.strip()]
    counts, equal, compared = collections.Counter(), 0, 0
    for place, (line, case) in enumerate(judged):
        answer = answers[place] if place < len(answers) else None
        right, ref = right_verdicts(name, case), case['ref']
        is_right = verdict(answer) in right if right else answer is not None
        core = [] if is_right else [f'expected {sorted(right)}, found {str(answer)[:200]}: {line[:300]}']
        full = []
        if is_right and verdict(ref) == verdict(answer) == 'invalid':
            compared += 1
            if reports(ref) != reports(answer):
                full.append(f'reports: expected {reports(ref)}, found {reports(answer)}')
            equal += not full
        note = case.get('note', '')
        counts[report.judge(case.get('id', f'{name}:{place}'), (note,), note or case.get('test', name), core, full)] += 1
    report.judge_exit(name, done.returncode, counts)
    report.line(name, counts, f'; reports equal in {equal} of {compared}')
    return equal, compared


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    golden.add_options(parser)
    options = parser.parse_args()
    vectors = options.vectors or golden.folder('iglu')
    report, here = golden.Report(options), golden.names(vectors)
    sets = [check(name, golden.read_lines(vectors, name), options.command, report) for name in RECORDINGS if name in here]
    print('reports equal in {} of {}'.format(*map(sum, zip(*sets))))
    return report.end()


if __name__ == '__main__':
    sys.exit(main())
