"""The recorded vectors, and what their checkers share. Where ../shared is not, the project's own part of them is used."""
import collections
import fnmatch
import gzip
import json
import os
import threading

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SHARED = os.environ.get('SNOWLINE_SHARED', os.path.join(ROOT, '..', 'shared'))
OWN = os.path.join(ROOT, 'test', 'golden', 'vectors')  # written by test/golden/select_vectors.py


def folder(kind):
    """Where the vectors of `kind` (collector, enricher, iglu, registry) are: all of them, or the project's part."""
    whole = os.path.join(SHARED, 'golden', kind)
    return whole if os.path.isdir(whole) else os.path.join(OWN, kind)


def is_whole(vectors):
    return os.path.commonpath([os.path.abspath(vectors), OWN]) != OWN


def names(vectors):
    """The recordings in a folder: NAME.jsonl or NAME.jsonl.gz."""
    return sorted({file[:-len(end)] for file in os.listdir(vectors) for end in ('.jsonl', '.jsonl.gz') if file.endswith(end)})


def read_lines(vectors, name):
    """The texts of a recording's lines, without the empty ones. In a text, unlike in a value, 1.0 and 1 are different."""
    path = os.path.join(vectors, name + '.jsonl')
    with (open(path, encoding='utf-8') if os.path.exists(path) else gzip.open(path + '.gz', 'rt', encoding='utf-8')) as file:
        return [line for line in file.read().split('\n') if line]  # splitlines() would split inside of some texts


def read(vectors, name):
    return [json.loads(line) for line in read_lines(vectors, name)]


def read_known(path):
    """The first words of docs/compatibility/*.known: ids of cases with `*` and `?` for what may be anything."""
    if path is None:
        return []
    with open(path, encoding='utf-8') as file:
        return [line.split(None, 1)[0] for line in file if line.strip() and not line.startswith('#')]


def add_options(parser):
    parser.add_argument('--command', required=True, help='the program under test')
    parser.add_argument('--vectors', help='the folder of the recordings (default: ../shared, else the project\'s own part)')
    parser.add_argument('--known', metavar='FILE', help='cases that differ on purpose: id or pattern, then the reason')
    parser.add_argument('--show', type=int, default=20, metavar='N', help='how many failures are explained')
    parser.add_argument('--json', metavar='OUT', help='a file for the verdict of every case')


class Report:
    """Verdicts of cases: `full` is equal in all, `core` in what a consumer sees, `known` differs on purpose, else `failed`.
    May be used by several threads."""

    def __init__(self, options):
        self.known, self.show, self.json = read_known(options.known), options.show, options.json
        self.counts, self.cases, self.lock = collections.Counter(), [], threading.Lock()

    def judge(self, case, aliases, what, core, full):
        """`core` and `full`: lists of differences. `aliases`: other names by which the case may be known."""
        is_known = any(fnmatch.fnmatch(name, pattern) for name in (case, *aliases) for pattern in self.known)
        verdict = ('known' if is_known else 'failed') if core else 'core' if full else 'full'
        with self.lock:
            self.counts[verdict] += 1
            self.cases.append({'id': case, 'what': what, 'verdict': verdict, 'core': core, 'full': full})
            if verdict == 'failed' and self.counts['failed'] <= self.show:
                print(f'  {case} ({what}): ' + '; '.join(core)[:700], flush=True)
        return verdict

    def judge_exit(self, name, code, counts):
        """A program that ends with an error has failed, whatever it wrote before."""
        if code:
            counts[self.judge(f'{name}:exit', (), 'exit code', [f'exit code {code}'], [])] += 1

    def line(self, name, counts, more=''):
        with self.lock:
            print(f'{name}: {sum(counts.values())} cases, {counts["full"]} equal in full, {counts["core"]} in core, '
                  f'{counts["known"]} known, {counts["failed"]} failed{more}', flush=True)

    def end(self):
        """Prints the sums; the last line is `N passed, N failed`. Returns the exit code."""
        if self.json:
            with open(self.json, 'w', encoding='utf-8') as file:
                json.dump(self.cases, file, indent=1)
        counts = self.counts
        print(f'full {counts["full"]}, core {counts["core"]}, known {counts["known"]}')
        print(f'{counts["full"] + counts["core"]} passed, {counts["failed"]} failed')
        return int(counts['failed'] > 0 or not self.cases)
