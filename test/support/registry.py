"""A schema registry on loopback that can be told to fail."""
import http.server
import threading
import time


class Registry:
    """Static registry of {path: text}. `mode`: ok, stopped (connections refused), slow (a second an answer), error (500), hanging (no
    answer). `delay_s`: how long each answer takes in any mode."""

    def __init__(self, schemas, delay_s=0):
        self.delay_s = delay_s
        self.schemas, self.mode, self.requests, self.port, self.server = schemas, 'ok', 0, 0, None
        self.start()

    def start(self):
        registry = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                registry.requests += 1
                time.sleep(registry.delay_s)
                if registry.mode == 'hanging':
                    time.sleep(20)
                if registry.mode == 'slow':
                    time.sleep(1)
                text = registry.schemas.get(self.path)
                status = 500 if registry.mode == 'error' else 404 if text is None else 200
                body = (text if status == 200 else 'down').encode()
                try:
                    self.send_response(status)
                    self.send_header('Content-Length', str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    pass

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', self.port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def fail(self, mode):
        self.mode = mode
        if mode == 'stopped':
            self.server.shutdown()
            self.server.server_close()

    def recover(self):
        if self.mode == 'stopped':
            self.start()
        self.mode = 'ok'

    @property
    def url(self):
        return f'http://127.0.0.1:{self.port}'

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.mode != 'stopped':
            self.server.shutdown()
            self.server.server_close()
