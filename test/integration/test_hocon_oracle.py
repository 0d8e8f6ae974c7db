"""The HOCON table (hocon/*.conf) read by com.typesafe:config itself.

Where our reader has a JSON (NAME.json beside NAME.conf) the library's must be the same; where it has an error (NAME.error)
the library must refuse the file as well. `test_hocon_oracle.py --write` writes the .json files anew from the library.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLE = ROOT / "test" / "integration" / "hocon"
JARS = ROOT / ".deps" / "typesafe-config"
POM = """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>snowline</groupId><artifactId>hocon-oracle</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>com.typesafe</groupId><artifactId>config</artifactId><version>1.4.3</version></dependency>
  </dependencies>
</project>
"""
VARIABLES = {"SNOWLINE_TEST_HOST": "example.org", "SNOWLINE_TEST_PORT": "8080", "SNOWLINE_TEST_EMPTY": "",
             "SNOWLINE_TEST_SHADOWED": "environment"}


def missing():
    """What keeps the library from running here; None where nothing does."""
    for program in ("mvn", "java"):
        if not shutil.which(program):
            return f"{program} is not there"
    modules = subprocess.run(["java", "--list-modules"], capture_output=True, text=True).stdout
    if "jdk.compiler" not in modules:
        return "java has no compiler (a JRE, not a JDK)"
    if not list(JARS.glob("config-*.jar")):
        JARS.mkdir(parents=True, exist_ok=True)
        (JARS / "pom.xml").write_text(POM)
        done = subprocess.run(["mvn", "-q", "-B", "-Dstyle.color=never", "-f", JARS / "pom.xml",
                               "dependency:copy-dependencies", f"-DoutputDirectory={JARS}"],
                              capture_output=True, text=True, timeout=240)
        if done.returncode != 0:
            return "com.typesafe:config could not be fetched: " + done.stdout[-500:]
    return None


def library(files):
    """What the library makes of each file: JSON text, or `! its words`."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SNOWLINE_TEST_")}
    done = subprocess.run(["java", "-cp", str(next(JARS.glob("config-*.jar"))),
                           ROOT / "test" / "support" / "HoconOracle.java", *files],
                          cwd=TABLE, env={**environment, **VARIABLES}, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout.split("\n")[:-1]


class HoconOracle(unittest.TestCase):
    def test_every_file_of_the_table(self):
        reason = missing()
        if reason:
            print(f"skipped: {reason}", file=sys.stderr)
            self.skipTest(reason)
        files = sorted(TABLE.glob("*.conf"))
        self.assertGreaterEqual(len(files), 60)
        results = library(files)
        self.assertEqual(len(results), len(files))
        for file, result in zip(files, results):
            with self.subTest(file.stem):
                if file.with_suffix(".error").exists():
                    self.assertTrue(result.startswith("! "), result)
                else:
                    self.assertFalse(result.startswith("! "), result)
                    self.assertEqual(json.loads(result), json.loads(file.with_suffix(".json").read_text()))
        print(f"{len(files)} files compared with com.typesafe:config", file=sys.stderr)


def write():
    files = [file for file in sorted(TABLE.glob("*.conf")) if not file.with_suffix(".error").exists()]
    for file, result in zip(files, library(files)):
        if result.startswith("! "):
            sys.exit(f"{file.name}: {result}")
        file.with_suffix(".json").write_text(json.dumps(json.loads(result), ensure_ascii=False, indent=2) + "\n")
    print(f"{len(files)} files written")


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        sys.exit(missing() or write())
    unittest.main()
