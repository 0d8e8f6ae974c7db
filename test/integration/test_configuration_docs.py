"""docs/configuration.md names every key of the full configurations in config/."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


class ConfigurationDocs(unittest.TestCase):
    def test_every_key_is_named(self):
        text = (ROOT / "docs" / "configuration.md").read_text()
        told = set(re.findall(r"[A-Za-z0-9]+", " ".join(re.findall(r"`([^`]*)`", text))))
        free = {"Location"}    # a header's name, an example in rootResponse.headers
        for name in ("collector.full.hocon", "enricher.full.hocon"):
            lines = [re.sub(r"#.*", "", line) for line in (ROOT / "config" / name).read_text().splitlines()]
            code = re.sub(r'"[^"]*"', "", "\n".join(lines))
            keys = {key for path in re.findall(r"([A-Za-z][A-Za-z0-9._]*)\s*[={]", code) for key in path.split(".")}
            self.assertGreater(len(keys), 25)
            examples = {"app", "env", "callrail", "call_complete", "vendor", "version", "url"}
            self.assertEqual(sorted(keys - told - free - examples), [], name)


if __name__ == "__main__":
    unittest.main()
