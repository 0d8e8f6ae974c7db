"""The framing cases through Debian's nginx and HAProxy: what the proxy takes for one request the collector takes for one.

The proxies mark each request that they pass on, and share their connections to the collector among clients. A record without
a mark, or two with the same, is a byte of one request read as another's; an answer that is somebody else's shows the same
from the client's side."""
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'test', 'support'))
from collector_process import CollectorProcess, free_port  # noqa: E402
from framing_cases import CASES  # noqa: E402

NGINX = '''
daemon off; pid {dir}/nginx.pid; error_log {dir}/error.log; worker_processes 1; user root;
events {{ worker_connections 1024; }}
http {{
  access_log off; client_max_body_size 16m; ignore_invalid_headers off; merge_slashes off; proxy_request_buffering off;
  client_body_temp_path {dir}/body; proxy_temp_path {dir}/proxy; fastcgi_temp_path {dir}/f; uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s;
  upstream collector {{ server 127.0.0.1:{backend}; keepalive 1; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://collector; proxy_http_version 1.1; proxy_redirect off;
      proxy_set_header Connection ""; proxy_set_header Host $http_host; proxy_set_header X-Front $request_id;
    }}
  }}
}}
'''

HAPROXY = '''
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  http-reuse always
  {option}
frontend trackers
  bind 127.0.0.1:{port}
  http-request set-header X-Front %[uuid()]
  default_backend collector
backend collector
  server one 127.0.0.1:{backend} pool-max-conn 1
'''


class FramingBehindProxies(unittest.TestCase):
    def front(self, name, text, directory):
        """Starts the proxy; its port."""
        program = shutil.which(name, path='/usr/sbin:/usr/bin')
        if not program:
            self.skipTest(name + ' is not installed')
        port, conf = free_port(), os.path.join(directory, name + '.conf')
        with open(conf, 'w') as out:
            out.write(text(port))
        process = subprocess.Popen([program, *(('-p', directory, '-c', conf) if name == 'nginx' else ('-f', conf))],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                socket.create_connection(('127.0.0.1', port), timeout=1).close()
                return port
            except OSError:
                self.assertIsNone(process.poll(), name + ' ended')
                time.sleep(0.05)
        self.fail(name + ' does not listen')

    def attack(self, port, case):
        """Sends a case as one client, and leaves."""
        with socket.create_connection(('127.0.0.1', port), timeout=10) as sock:
            try:
                sock.sendall(case.request)
                sock.settimeout(0.02)
                while sock.recv(65536):
                    pass
            except (TimeoutError, ConnectionResetError, BrokenPipeError):
                pass

    def victim(self, port, number):
        """Where another client is sent."""
        with socket.create_connection(('127.0.0.1', port), timeout=10) as sock:
            sock.sendall(f'GET /r/tp2?u=https://victim-{number}.example/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'.encode())
            data = b''
            while more := sock.recv(65536):
                data += more
        return re.findall(rb'Location: (\S+)', data, re.I)

    def check(self, name, text):
        with tempfile.TemporaryDirectory() as directory, CollectorProcess('enableDefaultRedirect = true') as collector:
            port = self.front(name, lambda own: text(own, collector.port, directory), directory)
            for number, case in enumerate(CASES):
                with self.subTest(case=case.name):
                    self.attack(port, case)
                    self.assertEqual(self.victim(port, number), [f'https://victim-{number}.example/'.encode()])
            records = collector.records(2 * len(CASES), seconds_max=1)
            marks = [re.findall(rb'X-Front: ([0-9a-fA-F-]+)', record, re.I) for record in records]
            self.assertGreater(len(records), len(CASES))
            self.assertEqual([m for m in marks if len(m) != 1], [])
            self.assertEqual(len({m[0] for m in marks}), len(marks))

    def test_nginx(self):
        self.check('nginx', lambda port, backend, directory: NGINX.format(dir=directory, port=port, backend=backend))

    def test_haproxy(self):
        self.check('haproxy', lambda port, backend, _: HAPROXY.format(option='', port=port, backend=backend))

    def test_haproxy_that_lets_invalid_requests_pass(self):
        self.check('haproxy', lambda port, backend, _: HAPROXY.format(option='option accept-invalid-http-request', port=port, backend=backend))


if __name__ == '__main__':
    unittest.main()
