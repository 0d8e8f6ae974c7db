"""The folder that the images are made of: small, run by a user without rights on a read-only root, and nothing but what it lists
is opened. What a container engine does is done with chroot and mounts in a mount namespace, which takes root."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("SNOWLINE_BIN", ROOT / "build" / "release" / "bin")).absolute()
sys.path.insert(0, str(ROOT / "test" / "support"))
from collector_process import free_port  # noqa: E402
from kafka_node import KafkaNode  # noqa: E402

SIZE_MAX_MB = 60
USER = 65532
START = """
set -e
mount --bind "$1" "$1"
mount -t tmpfs -o mode=755,uid=65532,gid=65532 tmpfs "$1/var/lib/snowline"
mount -o remount,ro,bind "$1"
root=$1 trace=$2
shift 2
exec strace -f -qq -e trace=file -o "$trace" chroot --userspec=65532:65532 "$root" "$@"
"""
# What the program may look for, there or not.
OPENED = re.compile(
    r"/bin/snowline-(collector|enricher)|/etc/ld\.so\.(cache|preload)|(/usr)?/lib(64)?/.*\.so[.\d]*|(/usr)?/lib/x86_64-linux-gnu/[\w/.-]*|"
    r"/etc/snowline(\.hocon|\.json|-enrichments[\w./-]*)|/var(/lib(/snowline[\w./-]*)?)?|/etc/(ssl/certs|localtime|nsswitch\.conf|hosts|resolv\.conf|passwd|group|host\.conf|gai\.conf)[\w./-]*|"
    r"/usr/lib/ssl/[\w./-]*|/etc/gnutls/config|/etc/crypto-policies[\w./-]*|/proc/(self/[\w/.-]*|sys/[\w/.-]*|cpuinfo|meminfo|filesystems|stat)|"
    r"/sys/(devices/system/(cpu|node)|fs/cgroup)[\w/.-]*|/dev/(null|urandom|random)|/usr/share/uap-core/regexes\.yaml|/usr/share/zoneinfo/[\w/+-]*|/usr/share/locale[\w/.-]*|/etc/sasl2?[\w/.-]*|"
    r"/usr/lib/sasl2[\w/.-]*|/etc/krb5[\w/.-]*|"
    r"/etc/malloc\.conf|/sys/kernel/mm/transparent_hugepage/enabled|/")   # jemalloc's settings, and the system's


CAN_TRACE = os.geteuid() == 0 and shutil.which("strace")
UNSHARE = ["unshare", "--mount", "--propagation", "private"]


def folder_of(program, directory):
    folder = pathlib.Path(directory) / "root"
    done = subprocess.run([ROOT / "docker" / "image-folder", BIN / program, folder], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise AssertionError(done.stdout)
    return folder


def size_mb(folder):
    return sum(path.lstat().st_size for path in folder.rglob("*")) / 1e6


class Image(unittest.TestCase):
    def check_parts(self, program):
        if not (BIN / program).exists():
            self.skipTest(f"{program} is not built")
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        folder = folder_of(program, directory.name)
        size = size_mb(folder)
        print(f"{program}: {size:.1f} MB", file=sys.stderr)
        self.assertLess(size, SIZE_MAX_MB)
        parts = json.loads((folder / "sbom.spdx.json").read_text())["packages"]
        names = {part["name"] for part in parts}
        self.assertLessEqual({program, "libc6", "libssl3", "librdkafka1", "ca-certificates"}, names)
        self.assertTrue(all(part["versionInfo"] for part in parts))
        self.assertEqual(list(folder.rglob("*.sh")) + list(folder.rglob("bin/sh")), [])
        return folder

    def run_in(self, folder, arguments, admin, use):
        """Runs a folder's program as its image would be run, until `use` returns; then judges what it opened."""
        if subprocess.run([*UNSHARE, "true"], stderr=subprocess.DEVNULL).returncode != 0:
            self.skipTest("no mount namespaces here, as in a chroot")
        trace = folder.parent / "trace"
        process = subprocess.Popen([*UNSHARE, "sh", "-c", START, "sh", folder, trace, *arguments],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            self.wait_until_ready(process, admin)
            use()
            pid = self.pid_of_program(process.pid)
            status = pathlib.Path(f"/proc/{pid}/status").read_text()
            self.assertIn(f"Uid:\t{USER}\t{USER}\t{USER}\t{USER}", status)
            os.kill(pid, signal.SIGTERM)
            self.assertEqual(process.wait(timeout=30), 0)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            process.stdout.close()
        lines = trace.read_text().splitlines()
        begin = max(i for i, line in enumerate(lines) if f'execve("{arguments[0]}"' in line and line.endswith("= 0"))
        paths = {path for line in lines[begin:] for path in re.findall(r'"(/[^"]*)"', line)}
        self.assertIn("/etc/snowline.hocon", paths)   # or nothing was traced
        self.assertEqual(sorted(path for path in paths if not OPENED.fullmatch(path)), [])

    @unittest.skipUnless(CAN_TRACE, "chroot takes root, and this needs strace")
    def test_the_enricher_works_on_a_read_only_root_and_opens_nothing_else(self):
        folder = self.check_parts("snowline-enricher")
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        node = KafkaNode(pathlib.Path(directory.name) / "kafka", free_port(), free_port())
        self.addCleanup(node.kill)
        node.start()
        for topic in ("raw", "good", "bad"):
            node.topics("--create", "--topic", topic)
        admin = free_port()
        kafka = f'{{ type = Kafka, topicName = %s, bootstrapServers = "{node.brokers}" }}'
        (folder / "etc/snowline.hocon").write_text(
            f'input {kafka % "raw"}, output {{ good {kafka % "good"}, bad {kafka % "bad"} }}, snowline.admin.port = {admin}\n')
        (folder / "etc/snowline.json").write_text(json.dumps({
            "schema": "iglu:com.snowplowanalytics.iglu/resolver-config/jsonschema/1-0-3",
            "data": {"cacheSize": 100, "repositories": []}}))
        (folder / "etc/snowline-enrichments").mkdir()
        (folder / "etc/snowline-enrichments/ua_parser_config.json").write_text(json.dumps({
            "schema": "iglu:com.snowplowanalytics.snowplow/ua_parser_config/jsonschema/1-0-1",
            "data": {"vendor": "com.snowplowanalytics.snowplow", "name": "ua_parser_config", "enabled": True, "parameters": {}}}))
        regexes = pathlib.Path("usr/share/uap-core/regexes.yaml")   # as the image's file says
        (folder / regexes.parent).mkdir(parents=True)
        shutil.copy("/" / regexes, folder / regexes)
        self.run_in(folder, ["/bin/snowline-enricher", "--config", "/etc/snowline.hocon", "--iglu-config", "/etc/snowline.json",
                             "--enrichments", "/etc/snowline-enrichments"], admin, lambda: None)

    @unittest.skipUnless(CAN_TRACE, "chroot takes root, and this needs strace")
    def test_the_collector_serves_from_a_read_only_root_and_opens_nothing_else(self):
        folder = self.check_parts("snowline-collector")
        port, admin = free_port(), free_port()
        (folder / "etc/snowline.hocon").write_text(
            f'collector {{ interface = "127.0.0.1", port = {port}, preTerminationPeriod = 0 s, '
            'streams { good = raw, bad = bad, sink.enabled = embedded } }\n'
            f'snowline {{ admin.port = {admin}, data = "/var/lib/snowline/log" }}\n')

        def post():
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/i?e=pv", timeout=10) as answer:
                self.assertEqual(answer.status, 200)
        self.run_in(folder, ["/bin/snowline-collector", "--config", "/etc/snowline.hocon"], admin, post)

    def wait_until_ready(self, process, admin):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if process.poll() is not None:
                self.fail(process.stdout.read().decode())
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{admin}/ready", timeout=5) as answer:
                    self.assertEqual(answer.status, 200)
                    return
            except OSError:
                time.sleep(0.1)
        self.fail("/ready is not 200")

    @staticmethod
    def pid_of_program(parent):
        """Of the traced process: strace's child, in whose place chroot put the program."""
        children = pathlib.Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        return next(int(child) for child in children
                    if pathlib.Path(f"/proc/{child}/comm").read_text().startswith("snowline"))


if __name__ == "__main__":
    unittest.main()
