#!/usr/bin/env python3
"""Runs Snowline's test suites and adds up what they say. Called by script/test, which builds first.

  test/run.py [--full] [--only WORD] [--list]

Layers: tidy · unit, golden, integration (C++, as built in build/release) · the same unit and golden programs under
ASan+UBSan, the threaded ones under TSan · fuzz corpora · golden vectors of ../shared through the programs · end to end and
fault tests (Python). A suite that needs something that is not there says so and is counted as skipped, never as passed.
The last line is `N passed, N failed`.
"""
import argparse
import concurrent.futures
import dataclasses
import glob
import os
import re
import resource
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SHARED = os.environ.get('SNOWLINE_SHARED', os.path.join(ROOT, '..', 'shared'))
PYTHON = os.path.join(ROOT, '.deps', 'venv', 'bin', 'python')
LOGS = os.path.join(ROOT, 'build', 'test-logs')


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
    needs_shared: bool = False
    environment: dict = dataclasses.field(default_factory=dict)
    stack_bytes: int = 0      # ASan's frames are several times as large as ours
    alongside: bool = False   # mostly waits, so it runs beside the others


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
    return Counts(int(code == 0), int(code != 0))


def programs(preset, layer):
    found = sorted(glob.glob(f'{ROOT}/build/{preset}/bin/{layer}_*'))
    return [p for p in found if os.access(p, os.X_OK)]


def catch_suites(preset, layers, only=None):
    for layer in layers:
        for program in programs(preset, layer):
            name = os.path.basename(program)
            if only and name not in only:
                continue
            yield Suite(f'{preset}:{name}', [program, '-r', 'xml'], count_catch, 600,
                        stack_bytes=64 << 20 if preset == 'asan' else 0)


def fuzz_replays(preset):
    for program in sorted(glob.glob(f'{ROOT}/build/{preset}/bin/*_fuzz')):
        name = os.path.basename(program)
        yield Suite(f'{preset}:replay {name}', [program, f'{ROOT}/test/fuzz/corpus/{name}'], count_exit)


def python_suites(folder):
    for path in sorted(glob.glob(f'{ROOT}/test/{folder}/test_*.py')):
        name = os.path.basename(path)[5:-3]
        yield Suite(f'{folder}:{name}', [PYTHON, path, '-v'], count_unittest, 900, alongside=folder == 'fault')


def golden_suites():
    """The programs against the vectors of ../shared, by the scripts that lie beside them."""
    golden = os.path.join(SHARED, 'golden')
    binaries = f'{ROOT}/build/release/bin'
    known = f'{ROOT}/docs/compatibility'

    def suite(name, script, *arguments, alongside=False):
        return Suite(f'golden:{name}', [sys.executable, f'{golden}/{script}', *arguments], count_last_line, 1500, True,
                     alongside=alongside)

    def known_list(name):
        path = f'{known}/{name}.known'
        return ['--known', path] if os.path.exists(path) else []

    collector = sorted(glob.glob(f'{golden}/collector/*.jsonl')) or [f'{golden}/collector/*.jsonl']
    yield suite('collector', 'replay_collector.py', '--command', f'{binaries}/snowline-collector --config {{config}}',
                *known_list('collector'), *collector, alongside=True)
    yield suite('enricher', 'check_enricher.py', '--command',
                f'{binaries}/snowline enrich --iglu-config {{iglu}} --enrichments {{enrichments}} {{input}}',
                *known_list('enricher'), '--suites', os.environ.get('SNOWLINE_ENRICHER_SUITES', 'none'))
    yield suite('iglu', 'check_iglu.py', '--command',
                f'{binaries}/snowline schema validate --iglu {SHARED}/iglu-central --jsonl -', *known_list('iglu'))


def all_suites(full):
    yield Suite('tidy', [sys.executable, f'{ROOT}/script/tidy'], count_last_line)
    yield from catch_suites('release', ['unit', 'golden', 'integration'])
    yield from catch_suites('asan', ['unit', 'golden'])
    yield from catch_suites('tsan', ['integration'])
    yield from fuzz_replays('asan')
    yield from golden_suites()
    for folder in ['integration', 'end_to_end', 'fault']:
        yield from python_suites(folder)
    if full:
        for program in sorted(glob.glob(f'{ROOT}/build/fuzz/bin/*_fuzz')):
            name = os.path.basename(program)
            yield Suite(f'fuzz:{name}', [program, '-max_total_time=60', '-timeout=10', f'{ROOT}/test/fuzz/corpus/{name}'],
                        count_exit, 180)
        yield Suite('faults:enricher', [f'{ROOT}/script/faults', 'enricher', '--kills', '20'], count_exit, 1200)
        yield Suite('faults:collector', [f'{ROOT}/script/faults', 'collector'], count_exit, 1800)
        yield Suite('faults:rebalance', [f'{ROOT}/script/faults', 'rebalance'], count_exit, 600)
        yield Suite('faults:slow_clients', [f'{ROOT}/script/faults', 'slow_clients'], count_exit, 300)
        yield Suite('faults:overload', [f'{ROOT}/script/faults', 'overload'], count_exit, 300)
        yield Suite('end_to_end:tls_scan', [PYTHON, f'{ROOT}/test/end_to_end/tls_scan.py', '-v'], count_unittest, 900)


def run(suite):
    if suite.needs_shared and not os.path.isdir(SHARED):
        print(f'  {suite.name}: absent: no ../shared here, its vectors were not run', flush=True)
        return Counts(skipped=1)
    started = time.monotonic()
    log = os.path.join(LOGS, re.sub(r'[^\w.-]+', '_', suite.name) + '.log')
    environment = {**os.environ, 'SNOWLINE_SHARED': SHARED, 'SNOWLINE_BIN': f'{ROOT}/build/release/bin', **suite.environment}
    try:
        set_stack = (lambda: resource.setrlimit(resource.RLIMIT_STACK, (suite.stack_bytes,) * 2)) if suite.stack_bytes else None
        done = subprocess.run(suite.command, cwd=ROOT, preexec_fn=set_stack, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=environment,
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
    parser.add_argument('--full', action='store_true', help='fuzzing, fault tables and browsers, too')
    parser.add_argument('--only', default='', help='only suites whose name contains this word')
    parser.add_argument('--list', action='store_true')
    options = parser.parse_args()
    suites = [s for s in all_suites(options.full) if options.only in s.name]
    if options.list:
        print('\n'.join(s.name for s in suites))
        return
    shutil.rmtree(LOGS, ignore_errors=True)
    os.makedirs(LOGS)
    total = Counts()
    alongside = concurrent.futures.ThreadPoolExecutor(max_workers=1)   # in their order: vectors first, then faults
    waiting = {suite.name: alongside.submit(run, suite) for suite in suites if suite.alongside}
    done = []
    for suite in suites:
        if suite.name.startswith('end_to_end:'):   # some replay the vectors through proxies, on the same ports
            concurrent.futures.wait(future for name, future in waiting.items() if name.startswith('golden:'))
        if not suite.alongside:
            done.append(run(suite))
    for counts in done + [each.result() for each in waiting.values()]:
        total.passed += counts.passed
        total.failed += counts.failed
        total.skipped += counts.skipped
    if total.skipped:
        print(f'{total.skipped} skipped, for want of what the lines above name')
    print(f'{total.passed} passed, {total.failed} failed')
    sys.exit(1 if total.failed or not total.passed else 0)


if __name__ == '__main__':
    main()
