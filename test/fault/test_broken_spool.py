"""A spool whose file is broken, deleted or cannot be written: the collector serves, and what can be read is sent.

The faults are bytes written into the file, files that are deleted, and a small file system that is mounted read-only (which takes
root). Verdicts are counts, answers and exit codes.
"""
import collections
import glob
import os
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from collector_process import BIN, CollectorProcess  # noqa: E402
from delivery_bed import DeliveryBed, PARTITIONS  # noqa: E402
from kafka_node import free_port  # noqa: E402
from raw_topic import count_events, read_raw, without_twins  # noqa: E402

PAGE = 4096
EVENTS = 490


def snowline(*arguments):
    return subprocess.run([os.path.join(BIN, "snowline"), *arguments], capture_output=True, text=True, timeout=120)


def overwrite(path, at, change):
    with open(path, "r+b") as file:
        file.seek(at)
        old = file.read(PAGE)
        file.seek(at)
        file.write(change(old))


def flip_a_page(path):
    page = os.path.getsize(path) // PAGE // 2
    overwrite(path, page * PAGE, lambda old: bytes(byte ^ 255 for byte in old))


def cut(path):
    os.truncate(path, os.path.getsize(path) * 6 // 10)


def zero_the_header(path):
    overwrite(path, 0, lambda old: bytes(100))


def destroy_the_root(path):
    overwrite(path, PAGE, lambda old: bytes(PAGE))


class BrokenSpool(DeliveryBed):
    def away(self, name, directory):
        """A collector whose Kafka never answers."""
        process = CollectorProcess(
            f'streams {{ good = {name}-raw, bad = {name}-bad, sink {{ brokers = "127.0.0.1:{free_port()}" }} }}\n'
            "preTerminationPeriod = 0 seconds, terminationDeadline = 2 seconds",
            f'snowline {{ admin.port = {self.admin_port()}, spool {{ path = "{directory}" }} }}', sink="kafka")
        self.addCleanup(process.__exit__)
        return process.start()

    def admin_port(self):
        self.admin = free_port()
        return self.admin

    def send(self, process, names):
        """The statuses; one request after the other on one connection."""
        got = {}
        with process.connect() as sock, sock.makefile("rb") as answers:
            for name in names:
                page = "p" * 1000
                sock.sendall(f"GET /i?e=pv&eid={name}&page={page} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
                head = b""
                while not head.endswith(b"\r\n\r\n"):
                    line = answers.readline()
                    self.assertTrue(line, "the connection ended")
                    head += line
                answers.read(int(re.search(rb"(?i)content-length: *(\d+)", head)[1]))
                got[name] = int(head.split()[1])
                if b"connection: close" in head.lower():
                    break
        return got

    def send_each(self, process, names):
        got = {}
        for name in names:
            got.update(self.send(process, [name]))
        return got

    def filled(self, name):
        """A spool with so many events of a collector that has ended. Returns its file."""
        self.spool = os.path.join(self.directory.name, name)
        process = self.away(name, self.spool)
        got = self.send(process, [f"{name}-{number}" for number in range(EVENTS)])
        self.assertEqual(collections.Counter(got.values()), {200: EVENTS})
        self.assertEqual(process.stop(), 0)
        return os.path.join(self.spool, "spool.db")

    def salvage(self, name, broken, lost_most):
        """Sends it twice. Gives how many events there are in the topic."""
        missing = []
        for _ in range(2):
            done = snowline("spool", "salvage", broken, "--brokers", self.kafka.brokers)
            readable = int(re.match(r"(\d+) records can be read", done.stdout)[1])
            self.assertIn(f"{readable} records sent", done.stdout)
            missing.append(readable)
            self.assertEqual(done.returncode, 1 if "cannot be read" in done.stderr else 0, done.stderr)
            self.assertGreaterEqual(readable, EVENTS - lost_most)
            if readable < EVENTS:
                self.assertEqual(done.returncode, 1)
        self.assertEqual(missing[0], missing[1])
        records = without_twins(read_raw(self.kafka.brokers, f"{name}-raw", PARTITIONS, wanted=missing[0] + 1))
        counts = count_events(records)
        self.assertEqual(set(counts.values()), {1})
        self.assertFalse(os.path.exists(broken + ".salvaged"))
        print(f"{name}: {missing[0]} of {EVENTS} records can be read", file=sys.stderr)
        return len(counts) - 1  # and the one that the new file's collector took

    def break_it(self, name, fault, lost_most):
        file = self.filled(name)
        fault(file)
        listed = snowline("spool", "ls", self.spool)
        self.assertEqual(listed.returncode, 1)
        self.assertIn("is broken", listed.stderr)
        self.assertGreaterEqual(int(re.search(r": (\d+) records", listed.stdout)[1]), EVENTS - lost_most)
        drained = snowline("spool", "drain", self.spool, "--brokers", self.kafka.brokers)
        self.assertEqual(drained.returncode, 1)
        process = self.collector(name)
        self.assertEqual(self.send(process, [f"{name}-new"]), {f"{name}-new": 200})
        self.assertEqual(self.ready(), (200, "OK: log"))
        self.assertEqual(self.metric("collector_spool_files_set_aside"), 1)
        broken, = glob.glob(os.path.join(self.spool, "spool.broken-*Z.db"))
        self.assertRegex(os.path.basename(broken), r"^spool\.broken-\d{8}T\d{6}Z\.db$")
        self.assertIn("was set aside", snowline("spool", "ls", self.spool).stderr)
        sent = self.salvage(name, broken, lost_most)
        os.remove(broken)
        self.wait_until(lambda: self.metric("collector_spool_files_set_aside") == 0)
        self.assertEqual(process.stop(), 0)
        return sent

    def test_a_flipped_page_costs_its_own_records(self):
        self.assertLess(self.break_it("flipped", flip_a_page, 6), EVENTS)

    def test_of_a_cut_file_the_first_part_is_sent(self):
        self.assertLess(self.break_it("cut", cut, EVENTS // 2), EVENTS)

    def test_a_zeroed_header_costs_nothing(self):
        self.assertEqual(self.break_it("header", zero_the_header, 0), EVENTS)

    def test_pages_below_a_destroyed_root_are_found(self):
        self.assertEqual(self.break_it("root", destroy_the_root, 0), EVENTS)

    def test_salvage_into_another_spool_tells_what_is_missing(self):
        file = self.filled("into")
        flip_a_page(file)
        told = snowline("spool", "salvage", file)
        self.assertEqual(told.returncode, 1)
        readable = int(re.match(r"(\d+) records can be read", told.stdout)[1])
        into = os.path.join(self.directory.name, "into-new")
        stored = snowline("spool", "salvage", file, "--into", into)
        self.assertEqual((stored.returncode, stored.stdout), (1, f"{readable} records copied into {into}\n"))
        missing = re.search(r"cannot be read: (\d+) records of the numbers (\d+) to (\d+)", stored.stderr)
        self.assertEqual(int(missing[1]), EVENTS - readable)
        self.assertIn(f": {readable} records", snowline("spool", "ls", into).stdout)
        self.assertEqual(snowline("spool", "salvage", file + "-none").returncode, 1)

    def test_nothing_is_acknowledged_in_a_file_that_was_deleted(self):
        directory = os.path.join(self.directory.name, "unlinked")
        process = self.away("unlinked", directory)
        names = [f"unlinked-{number}" for number in range(300)]
        got = self.send_each(process, names[:100])
        os.remove(os.path.join(directory, "spool.db"))
        got.update(self.send_each(process, names[100:200]))
        os.remove(os.path.join(directory, "spool.db-wal"))
        got.update(self.send_each(process, names[200:]))
        counts = collections.Counter(got.values())
        self.assertEqual(set(counts) - {200, 503}, set())
        self.assertGreater(counts[200], 200)
        self.wait_until(lambda: self.where() == (200, "OK: spool"))
        self.assertEqual(self.send(process, ["unlinked-last"]), {"unlinked-last": 200})
        self.assertEqual(process.stop(), 0)
        listed = snowline("spool", "ls", directory)
        self.assertIn(f": {counts[200] + 1} records", listed.stdout)
        print(f"unlinked twice: {counts[200] + 1} answered 200, all in the spool; {counts[503]} answered 503", file=sys.stderr)

    @unittest.skipUnless(os.geteuid() == 0, "needs root, to mount a file system")
    def test_a_read_only_file_system_does_not_keep_the_collector_from_serving(self):
        disk = os.path.join(self.directory.name, "disk")
        os.mkdir(disk)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m,ro", "tmpfs", disk], capture_output=True, text=True)
        if mounted.returncode != 0:
            self.skipTest("mount: " + mounted.stderr)
        self.addCleanup(subprocess.run, ["umount", "-l", disk], check=True)
        os.symlink(disk, os.path.join(self.directory.name, "readonly"))
        process = self.collector("readonly")
        self.assertEqual(self.send(process, ["readonly-kafka"]), {"readonly-kafka": 200})
        status, body = self.ready()
        self.assertEqual((status, body.splitlines()[0]), (200, "OK: log"))
        self.assertRegex(body, r"\nno spool: .*Read-only file system")
        self.assertEqual(self.metric('collector_spool_state{state="failing"}'), 1)
        self.assertEqual(process.stop(), 0)

        process = self.away("readonly", os.path.join(disk, "spool"))
        self.assertEqual(list(self.send(process, ["readonly-away"]).values()), [503])
        status, body = self.ready()
        self.assertEqual(status, 503)
        self.assertIn("\nno spool: ", body)
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
        self.wait_until(lambda: self.where() == (200, "OK: spool"))
        self.assertEqual(self.send(process, ["readonly-written"]), {"readonly-written": 200})
        self.assertEqual(process.stop(), 0)
        self.assertIn(": 1 records", snowline("spool", "ls", os.path.join(disk, "spool")).stdout)


if __name__ == "__main__":
    unittest.main()
