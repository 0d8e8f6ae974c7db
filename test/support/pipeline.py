"""Starts and stops `snowline up` for tests, and reads what came out of it."""
import json
import os
import re
import signal
import subprocess
import tempfile
import threading
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get('SNOWLINE_BIN', os.path.join(ROOT, 'build', 'release', 'bin'))


class Pipeline:
    """`snowline up` on free ports with its data in a directory of its own. Ports stay the same over restarts."""

    def __init__(self, directory, *options):
        self.directory, self.options = directory, options
        self.port = self.admin_port = 0
        self.process = None
        self.output = []

    def start(self, seconds_max=20):
        command = [os.path.join(BIN, 'snowline'), 'up', '--port', str(self.port), '--admin-port', str(self.admin_port),
                   '--data', self.directory, *self.options]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        found = {}
        lines = self.process.stdout

        def read():
            for line in iter(lines.readline, b''):
                text = line.decode('utf-8', 'replace').rstrip('\n')
                self.output.append(text)
                for name in ('collector', 'admin'):
                    match = re.match(rf'\s*{name}\s+http://127\.0\.0\.1:(\d+)', text)
                    if match:
                        found[name] = int(match.group(1))

        threading.Thread(target=read, daemon=True).start()
        deadline = time.monotonic() + seconds_max
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError('snowline up ended: ' + '\n'.join(self.output[-20:]))
            if len(found) == 2:
                self.port, self.admin_port = found['collector'], found['admin']
                try:
                    with urllib.request.urlopen(f'http://127.0.0.1:{self.admin_port}/ready', timeout=1) as answer:
                        if answer.status == 200:
                            return self
                except OSError:
                    pass
            time.sleep(0.02)
        raise AssertionError('snowline up is not ready: ' + '\n'.join(self.output[-20:]))

    def kill(self):
        """kill -9, as a crash does it."""
        self.process.kill()
        self.process.wait()

    def stop(self, seconds_max=20):
        """SIGTERM; returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=seconds_max)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.kill()


def tail(directory, topic, *options):
    """Lines of `snowline tail TOPIC`, once nothing more comes."""
    command = [os.path.join(BIN, 'snowline'), 'tail', topic, '--data', directory, '--until-idle', '2s', *options]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=300)
    return done.stdout.decode().splitlines()


def tail_json(directory, topic):
    return [json.loads(line) for line in tail(directory, topic, '--json')]


def scratch_directory():
    return tempfile.TemporaryDirectory(prefix='snowline-test-')
