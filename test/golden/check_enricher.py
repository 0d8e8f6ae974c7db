#!/usr/bin/env python3
"""Gives the recorded payloads to an enricher, and compares its rows with the reference's. Standard library only.

  test/golden/check_enricher.py
      --command 'build/release/bin/snowline enrich --iglu-config {iglu} --enrichments {enrichments} {input}'
      [--suites none,anon_ip,…] [--groups post,ue,…] [--command-for SUITE=COMMAND]… [--databases] [--timed]
      [--known FILE] [--vectors DIR] [--show N] [--json OUT]

{input}: a file with one base64 Thrift payload a line. The program prints a JSON line for each, in order:
{"in":n,"good":[TSV…],"bad":[row…],"pii":[TSV…]}. {iglu}: a resolver configuration with one HTTP registry on loopback;
{enrichments}: the suite's configurations.
The suite `none` has all cases; another one only those whose rows differ from those in `none`, with its enrichments. In a suite whose
cases name their `config` there are no others; they are run in their order, once for each configuration. Cases with queries to
a database need --databases, cases that wait need --timed: else they are not run, and counted.
What is compared: test/golden/README.md. The last line is `N passed, N failed`, by what a consumer sees.
"""
import argparse
import collections
import concurrent.futures
import contextlib
import json
import os
import shlex
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'test'))
from support import enricher_rows, golden  # noqa: E402
from support.collector_process import free_port  # noqa: E402
from support.registry import Registry  # noqa: E402

RECORDED_SERVER, DATABASE_PORT = '127.0.0.1:18181', 18183
SUITES_AT_ONCE = 4  # they wait for the server's answers more than they work
NEED_OWN_COMMAND = ('weather_legacy', 'remote_adapter')  # a flag or an adapter has to be on


@contextlib.contextmanager
def schema_server(vectors):
    """Serves the schemas of the vectors; yields host:port. Where all recordings are, the server that lies beside them serves
    databases, exchange rates and APIs as well."""
    whole = os.path.join(os.path.dirname(vectors), 'serve.py')
    if not os.path.exists(whole):
        with Registry(dict(read_schemas(os.path.join(vectors, 'iglu')))) as registry:
            yield f'127.0.0.1:{registry.port}'
        return
    port = free_port()
    process = subprocess.Popen([sys.executable, whole, str(port)], stdin=subprocess.DEVNULL)
    try:
        wait_until(lambda: is_reachable(port), 'the server of the recordings')
        yield f'127.0.0.1:{port}'
    finally:
        process.terminate()
        process.wait()


def read_schemas(folder):
    """(path, text) of each schema below `folder`."""
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            with open(path, encoding='utf-8') as file:
                yield '/schemas/' + os.path.relpath(path, folder).replace(os.sep, '/'), file.read()


@contextlib.contextmanager
def databases(vectors):
    process = subprocess.Popen([sys.executable, os.path.join(os.path.dirname(vectors), 'databases.py')], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    try:
        if process.stdout.readline().strip() != 'ready':
            sys.exit('the databases did not start')
        yield
    finally:
        process.stdin.close()
        process.wait()
        process.stdout.close()


def is_reachable(port):
    try:
        socket.create_connection(('127.0.0.1', port), 1).close()
        return True
    except OSError:
        return False


def wait_until(holds, what, seconds=20):
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            sys.exit(f'{what} did not start')
        time.sleep(0.05)


class Enricher:
    """The program under test, its resolver configuration and the suites' enrichments with the server's real port in them."""

    def __init__(self, vectors, server, scratch):
        self.vectors, self.server, self.scratch = vectors, server, scratch
        self.iglu = os.path.join(scratch, 'iglu.json')
        registry = {'name': 'Iglu Central', 'priority': 0, 'vendorPrefixes': ['com.snowplowanalytics'],
                    'connection': {'http': {'uri': f'http://{server}'}}}
        with open(self.iglu, 'w', encoding='utf-8') as file:
            json.dump({'schema': 'iglu:com.snowplowanalytics.iglu/resolver-config/jsonschema/1-0-1',
                       'data': {'cacheSize': 500, 'repositories': [registry]}}, file)

    def enrichments(self, *names):
        """A copy of a folder of configurations; an empty one where the suite has none."""
        source, target = os.path.join(self.vectors, 'enrichments', *names), tempfile.mkdtemp(dir=self.scratch)
        for name in os.listdir(source) if os.path.isdir(source) else ():
            with open(os.path.join(source, name), encoding='utf-8') as file, \
                    open(os.path.join(target, name), 'w', encoding='utf-8') as out:
                out.write(file.read().replace(RECORDED_SERVER, self.server))
        return target

    def run(self, command, cases, enrichments):
        """({place in `cases`: answer}, exit code). Where it ends with an error before the first row, it has refused."""
        given, names = os.path.join(tempfile.mkdtemp(dir=self.scratch), 'in'), os.listdir(enrichments)
        environment = dict(os.environ)
        if 'currency_conversion_config.json' in names:
            environment.update(http_proxy=f'http://{self.server}', no_proxy='127.0.0.1,localhost')
        if 'weather_enrichment_config.json' in names:
            environment.update(SSL_CERT_FILE=os.path.join(os.path.dirname(self.vectors), 'tls', 'cert.pem'))
        if any(case.get('sleep_ms') for case in cases):
            os.mkfifo(given)
            threading.Thread(target=write, args=(given, cases), daemon=True).start()
        else:
            write(given, cases)
        done = subprocess.run(shlex.split(command.format(input=given, iglu=self.iglu, enrichments=enrichments)),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=environment)
        lines = done.stdout.decode('utf-8', 'replace').replace(self.server, RECORDED_SERVER).split('\n')
        answers = {answer['in']: answer for answer in map(json.loads, filter(str.strip, lines))}
        if not answers and done.returncode:
            return {place: {'refused': True} for place in range(len(cases))}, done.returncode
        first = min(answers, default=0)
        return {number - first: answer for number, answer in answers.items()}, done.returncode


def write(path, cases):
    with open(path, 'w', encoding='ascii') as file:
        for case in cases:
            if case.get('sleep_ms'):
                file.flush()
                time.sleep(case['sleep_ms'] / 1000)
            file.write(case['raw_b64'] + '\n')


class Checker:
    def __init__(self, options, vectors, enricher):
        self.options, self.vectors, self.enricher = options, vectors, enricher
        self.report = golden.Report(options)
        self.groups = options.groups.split(',') if options.groups else None
        self.commands = dict(text.split('=', 1) for text in options.command_for)
        self.base = self.read('none')

    def read(self, suite):
        return [case for case in golden.read(self.vectors, suite)
                if self.groups is None or case['name'].split('/')[0] in self.groups]

    def check(self, suite):
        cases, started, counts = self.read(suite), time.monotonic(), collections.Counter()
        if suite in NEED_OWN_COMMAND and suite not in self.commands:
            print(f'{suite}: {len(cases)} cases were not run: they need --command-for')
            return
        if cases and 'config' in cases[0]:
            not_run = self.check_configurations(suite, cases, counts)
        else:
            own = {case['name']: case for case in cases}
            self.judge(suite, [own.get(case['name'], case) for case in self.base], self.enricher.enrichments(suite), counts)
            not_run = 0
        missing = f'; {not_run} were not run: they need --databases or --timed' if not_run else ''
        self.report.line(suite, counts, f'{missing} ({time.monotonic() - started:.1f} s)')

    def check_configurations(self, suite, cases, counts):
        """Returns how many cases were not run."""
        not_run = 0
        for name in dict.fromkeys(case['config'] for case in cases):
            some, enrichments = [case for case in cases if case['config'] == name], self.enricher.enrichments(suite, name)
            asks_database = 'sql_query_enrichment_config.json' in os.listdir(enrichments)
            waits = any(case.get('sleep_ms') for case in some)
            if asks_database and not is_reachable(DATABASE_PORT) or waits and not self.options.timed:
                not_run += len(some)
            else:
                self.judge(suite, some, enrichments, counts)
        return not_run

    def judge(self, suite, cases, enrichments, counts):
        answers, code = self.enricher.run(self.commands.get(suite, self.options.command), cases, enrichments)
        if not any('config_error' in case for case in cases):
            self.report.judge_exit(suite, code, counts)
        for place, case in enumerate(cases):
            core, full = enricher_rows.compare(case, answers.get(place))
            counts[self.report.judge(f'{suite}:{case["name"]}', (case['name'],), case.get('what'), core, full)] += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    golden.add_options(parser)
    parser.add_argument('--suites', help='with commas between them (default: all that are there)')
    parser.add_argument('--groups', help='first parts of names of cases, with commas between them')
    parser.add_argument('--command-for', action='append', default=[], metavar='SUITE=COMMAND')
    parser.add_argument('--databases', action='store_true', help='start those that lie beside the vectors')
    parser.add_argument('--timed', action='store_true', help='run cases that wait, too')
    options = parser.parse_args()
    vectors = os.path.abspath(options.vectors or golden.folder('enricher'))
    with contextlib.ExitStack() as stack:
        scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix='snowline-golden-'))
        if options.databases:
            stack.enter_context(databases(vectors))
        server = stack.enter_context(schema_server(vectors))
        checker = Checker(options, vectors, Enricher(vectors, server, scratch))
        suites = options.suites.split(',') if options.suites else golden.names(vectors)
        with concurrent.futures.ThreadPoolExecutor(1 if options.timed else SUITES_AT_ONCE) as pool:
            list(pool.map(checker.check, suites))
    return checker.report.end()


if __name__ == '__main__':
    sys.exit(main())
