#!/usr/bin/env python3
"""Runs Snowline's test suites and adds up what they say. Called by script/test, which builds first.

  test/run.py [--build] [--full] [--only WORD] [--list]

Layers: tidy · unit, golden, integration (C++, as built in build/release) · the same unit and golden programs under
ASan+UBSan, the threaded ones under TSan · fuzz corpora · recorded vectors (test/golden/README.md) through the programs · end to end and
fault tests (Python). A suite that needs something that is not there says so and is counted as skipped, never as passed.
They run in three lanes beside each other: what mostly waits, what is built with sanitizers (nicely, so that it is in nobody's
way), and the rest. With --build the second lane builds its programs first.
The last line is `N passed, N failed`.
"""
import argparse
import concurrent.futures
import dataclasses
import glob
import itertools
import os
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree

from support import golden

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PYTHON = os.path.join(ROOT, '.deps', 'venv', 'bin', 'python')
RELEASE = os.path.join(ROOT, 'build', 'release', 'bin')
LOGS = os.path.join(ROOT, 'build', 'test-logs')
NEED_DATABASES = ('iab', 'ip_lookups', 'pii_full_sha256_emit', 'realistic', 'referer_parser', 'ua_parser_config')


@dataclasses.dataclass
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0


@dataclasses.dataclass
class Suite:
    name: str
    command: list
    count: object          # (exit code, output) -> Counts
    seconds_max: int = 300
    environment: dict = dataclasses.field(default_factory=dict)


class Build(Suite):
    """Programs of a preset, so that the suites behind it have something to run."""

    def __init__(self, preset, command):
        super().__init__(f'build:{preset}', command, lambda code, _: Counts(failed=int(code != 0)), 3600)


def count_catch(code, output):
    """Catch2's XML reporter: one element a test case."""
    start = output.find('<?xml')
    try:
        cases = ElementTree.fromstring(output[start:]).iter('TestCase')
        results = [case.find('OverallResult').get('success') for case in cases]
    except (ElementTree.ParseError, AttributeError):
        return Counts(failed=1)
    failed = results.count('false')
    return Counts(len(results) - failed, failed if failed or code == 0 else 1)


def count_unittest(code, output):
    ran = re.findall(r'^Ran (\d+) tests? in', output, re.M)
    if not ran:
        return Counts(failed=1)
    numbers = {word: int(n) for word, n in re.findall(r'(failures|errors|skipped)=(\d+)', output)}
    failed = numbers.get('failures', 0) + numbers.get('errors', 0)
    skipped = numbers.get('skipped', 0)
    return Counts(int(ran[-1]) - failed - skipped, failed if failed or code == 0 else 1, skipped)


def count_last_line(code, output):
    """`N passed, N failed`; what a checker allows by --min-share or --known is not a failure of the suite."""
    found = re.findall(r'^(\d+) passed, (\d+) failed', output, re.M)
    if not found:
        return Counts(failed=1)
    passed, failed = map(int, found[-1])
    return Counts(passed, 0 if code == 0 else max(failed, 1))


def count_exit(code, output):
    """77, as elsewhere: something that it needs is not there, and it says what."""
    return Counts(skipped=1) if code == 77 else Counts(int(code == 0), int(code != 0))


def programs(preset, layer):
    found = sorted(glob.glob(f'{ROOT}/build/{preset}/bin/{layer}_*'))
    return [p for p in found if os.access(p, os.X_OK)]


def catch_suites(preset, layers, before=()):
    for layer in layers:
        for program in programs(preset, layer):
            yield Suite(f'{preset}:{os.path.basename(program)}', [*before, program, '-r', 'xml'], count_catch, 600)


def fuzz_programs(preset):
    for program in sorted(glob.glob(f'{ROOT}/build/{preset}/bin/*_fuzz')):
        yield program, os.path.basename(program), f'{ROOT}/test/fuzz/corpus/{os.path.basename(program)}'


def python_suites(folder):
    for path in sorted(glob.glob(f'{ROOT}/test/{folder}/test_*.py')):
        name = os.path.basename(path)[5:-3]
        yield Suite(f'{folder}:{name}', [PYTHON, path, '-v'], count_unittest, 900)


def golden_suite(kind, command, *arguments):
    """A program against the recorded vectors: all of ../shared where it is, else the part that the project carries."""
    known = f'{ROOT}/docs/compatibility/{kind}.known'
    return Suite(f'golden:{kind}', [sys.executable, f'{ROOT}/test/golden/check_{kind}.py', '--command', command,
                                    '--vectors', golden.folder(kind), '--known', known, *arguments], count_last_line, 1500)


def enricher_suites():
    """Those of the enrichments that Snowline has. The project's part has none that needs a database."""
    own = golden.names(os.path.join(golden.OWN, 'enricher'))
    return own + [suite for suite in NEED_DATABASES if golden.is_whole(golden.folder('enricher'))]


def what_waits(full):
    yield golden_suite('collector', f'{RELEASE}/snowline-collector --config {{config}}')
    yield from python_suites('end_to_end')
    yield from python_suites('fault')
    if full:
        yield Suite('end_to_end:tls_scan', [PYTHON, f'{ROOT}/test/end_to_end/tls_scan.py', '-v'], count_unittest, 900)
        yield Suite('faults:enricher', [f'{ROOT}/script/faults', 'enricher', '--kills', '20'], count_exit, 1200)
        yield Suite('faults:collector', [f'{ROOT}/script/faults', 'collector'], count_exit, 1800)
        yield Suite('faults:large_records', [f'{ROOT}/script/faults', 'large_records'], count_exit, 3600)
        yield Suite('faults:rebalance', [f'{ROOT}/script/faults', 'rebalance'], count_exit, 600)


def what_is_sanitized(full):
    nicely = ['nice', '-n', '10']
    with_stack = [*nicely, 'prlimit', f'--stack={64 << 20}:{64 << 20}']  # ASan's frames are several times as large as ours
    yield Build('asan', [*nicely, f'{ROOT}/script/build', 'asan', 'asan_tests'])
    yield from catch_suites('asan', ['unit', 'golden'], with_stack)
    for program, name, corpus in fuzz_programs('asan'):
        yield Suite(f'asan:replay {name}', [*with_stack, program, corpus], count_exit)
    yield Build('tsan', [*nicely, f'{ROOT}/script/build', 'tsan', 'tsan_tests'])
    yield from catch_suites('tsan', ['integration'], nicely)
    if full:
        yield Build('fuzz', [*nicely, f'{ROOT}/script/build', 'fuzz'])
        for program, name, corpus in fuzz_programs('fuzz'):
            found = f'{ROOT}/build/fuzz/found/{name}'  # the first folder gets what is new; ours stays as it is
            os.makedirs(found, exist_ok=True)
            yield Suite(f'fuzz:{name}', [*with_stack, program, '-max_total_time=60', '-timeout=10', found, corpus], count_exit,
                        180)


def what_works():
    yield Suite('tidy', [sys.executable, f'{ROOT}/script/tidy'], count_last_line)
    yield from catch_suites('release', ['unit', 'golden', 'integration'])
    central = f'--iglu {golden.SHARED}/iglu-central ' if golden.is_whole(golden.folder('iglu')) else ''
    yield golden_suite('enricher', f'{RELEASE}/snowline enrich --iglu-config {{iglu}} --enrichments {{enrichments}} {{input}}',
                       '--suites', ','.join(enricher_suites()))
    yield golden_suite('iglu', f'{RELEASE}/snowline schema validate {central}--jsonl -')
    yield from python_suites('integration')


def what_compares_loads():
    """Comes last and alone: nothing may run beside it."""
    yield Suite('faults:slow_clients', [f'{ROOT}/script/faults', 'slow_clients'], count_exit, 300)
    yield Suite('faults:overload', [f'{ROOT}/script/faults', 'overload'], count_exit, 300)


def run(suite):
    started = time.monotonic()
    if isinstance(suite, Build):
        print(f'  {suite.name} begins', flush=True)
    log = os.path.join(LOGS, re.sub(r'[^\w.-]+', '_', suite.name) + '.log')
    environment = {**os.environ, 'SNOWLINE_SHARED': golden.SHARED, 'SNOWLINE_BIN': RELEASE, **suite.environment}
    try:
        done = subprocess.run(suite.command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=environment,
                              stderr=subprocess.STDOUT, timeout=suite.seconds_max)
        code, output = done.returncode, done.stdout.decode('utf-8', 'replace')
    except subprocess.TimeoutExpired as late:
        code, output = -1, (late.stdout or b'').decode('utf-8', 'replace') + f'\nended after {suite.seconds_max} s'
    open(log, 'w').write(output)
    counts = suite.count(code, output)
    skipped = f', {counts.skipped} skipped' if counts.skipped else ''
    print(f'  {suite.name}: {counts.passed} passed, {counts.failed} failed{skipped} ({time.monotonic() - started:.1f} s)', flush=True)
    if counts.failed:
        print('\n'.join('      ' + line for line in output.splitlines()[-40:]), flush=True)
        print(f'      whole output: {os.path.relpath(log, ROOT)}', flush=True)
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build', action='store_true', help='build what the sanitizers run, too')
    parser.add_argument('--full', action='store_true', help='fuzzing, fault tables and browsers, too')
    parser.add_argument('--only', default='', help='only suites whose name contains this word')
    parser.add_argument('--list', action='store_true')
    options = parser.parse_args()
    lanes = [what_waits(options.full), what_is_sanitized(options.full), what_works()]
    last = what_compares_loads() if options.full else []

    def wanted(suite):
        return options.build if isinstance(suite, Build) else options.only in suite.name

    if options.list:
        print('\n'.join(s.name for s in itertools.chain(*lanes, last) if wanted(s)))
        return
    if not os.path.isdir(golden.SHARED):
        print('no ../shared here: golden:*, release:golden_* and integration:registry_server run the part of the recordings that the '
              'project carries; with it they run all of them, and the suites of JSON and Iglu Central', flush=True)
    shutil.rmtree(LOGS, ignore_errors=True)
    os.makedirs(LOGS)

    def run_lane(lane):   # a lane looks for its programs as it comes to them
        return [run(suite) for suite in lane if wanted(suite)]

    total = Counts()
    with concurrent.futures.ThreadPoolExecutor(max_workers=len(lanes)) as beside:
        done = [counts for lane in beside.map(run_lane, lanes) for counts in lane]
    for counts in done + run_lane(last):
        total.passed += counts.passed
        total.failed += counts.failed
        total.skipped += counts.skipped
    if total.skipped:
        print(f'{total.skipped} skipped, for want of what the lines above name')
    print(f'{total.passed} passed, {total.failed} failed')
    sys.exit(1 if total.failed or not total.passed else 0)


if __name__ == '__main__':
    main()
