"""The two services as ops run them: a configuration file, a process, SIGTERM."""
import os
import pathlib
import signal
import subprocess
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get('SNOWLINE_BIN', ROOT / 'build' / 'release' / 'bin'))


class Service:
    def __init__(self, directory, name, program, configuration, *arguments):
        self.log_path = pathlib.Path(directory) / f'{name}.log'
        config = pathlib.Path(directory) / f'{name}.hocon'
        config.write_text(configuration)
        self.command = [BIN / program, '--config', config, *arguments]
        self.process = None

    def start(self):
        log = open(self.log_path, 'ab')
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        log.close()
        return self

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def stop(self, seconds_max=30):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=seconds_max)

    def log_tail(self, lines=15):
        return '\n'.join(self.log_path.read_text(errors='replace').splitlines()[-lines:])


def collector(directory, brokers, port, extra=''):
    return Service(directory, 'collector', 'snowline-collector', f'''
        collector {{
          interface = "127.0.0.1"
          port = {port}
          terminationDeadline = 5 seconds
          preTerminationPeriod = 0 seconds
          streams {{ good = raw, bad = bad, sink {{ enabled = kafka, brokers = "{brokers}" }} }}
        }}
        snowline.kafka.createTopics = true
        {extra}''')


def enricher(directory, brokers, instance, extra=''):
    output = '{ type = Kafka, topicName = %s, bootstrapServers = "%s" }'
    return Service(directory, instance, 'snowline-enricher', f'''
        input {output % ("raw", brokers)}
        output {{ good {output % ("good", brokers)}, bad {output % ("bad", brokers)} }}
        snowline.instance = "{instance}"
        {extra}''')


def wait_http(url, seconds_max=20):
    deadline = time.monotonic() + seconds_max
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError(f'{url} does not answer 200')
