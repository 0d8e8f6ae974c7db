"""docs/authors-day.md, run: each command in its order, and each line that the page shows of an answer."""
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from support.pipeline import BIN, ROOT, scratch_directory

PAGE = os.path.join(ROOT, 'docs', 'authors-day.md')
BLOCK = re.compile(r'(<!-- goes on running -->\n)?^```(sh|text)\n(.*?)^```$', re.M | re.S)


def free_ports(count):
    sockets = [socket.create_server(('127.0.0.1', 0)) for _ in range(count)]
    ports = [item.getsockname()[1] for item in sockets]
    for item in sockets:
        item.close()
    return ports


class AuthorsDay(unittest.TestCase):
    @unittest.skipUnless(shutil.which('curl'), 'the page calls curl')
    def test_the_page(self):
        with open(PAGE, encoding='utf-8') as file:
            blocks = BLOCK.findall(file.read())
        self.assertGreater(len(blocks), 15)
        scratch = scratch_directory()
        self.addCleanup(scratch.cleanup)
        collector, admin, registry = free_ports(3)
        environment = {**os.environ, 'PATH': BIN + os.pathsep + os.environ['PATH'], 'HOME': scratch.name}
        output = ''
        for goes_on, kind, text in blocks:
            text = text.replace('127.0.0.1:8080', f'127.0.0.1:{collector}').replace('127.0.0.1:8082', f'127.0.0.1:{registry}')
            text = text.replace('127.0.0.1:8081', f'127.0.0.1:{admin}')
            if kind == 'text':
                for line in text.splitlines():
                    self.assertIn(line.strip(), output)
            elif goes_on:
                ports = f' --port {registry}' if 'registry serve' in text else f' --port {collector} --admin-port {admin}'
                process = subprocess.Popen(['bash', '-c', 'exec ' + text.strip() + ports], cwd=scratch.name, env=environment,
                                           stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
                self.addCleanup(process.wait)
                self.addCleanup(process.terminate)
                self.wait_for(registry if 'registry serve' in text else admin)
            else:
                done = subprocess.run(['bash', '-eu', '-c', text], cwd=scratch.name, env=environment, timeout=120, stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                output = done.stdout.decode()
                self.assertEqual(done.returncode, 0, f'{text}\n{output}')
        pages = os.path.join(scratch.name, 'catalogue', 'com.acme', 'checkout.html')
        with open(pages, encoding='utf-8') as file:
            self.assertIn('sunset 2099-12-31', file.read())

    def wait_for(self, port, seconds=30):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                socket.create_connection(('127.0.0.1', port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        self.fail(f'nothing listens on {port}')


if __name__ == '__main__':
    unittest.main()
