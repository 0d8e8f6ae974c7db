"""Our verdicts beside those of Python's jsonschema (Draft4Validator) on generated schemas and instances.

Left out of what is generated, because they differ on purpose (docs/compatibility.md): 1 and 1.0 in one array of
uniqueItems, member names that begin with #, integers beyond 2^53 under multipleOf, formats, and patterns that Java and
Python read differently.
"""
import json
import os
import random
import subprocess
import unittest

import jsonschema

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.path.join(ROOT, 'build', 'release', 'bin', 'snowline')
PAIRS = 20_000
NAMES = ['a', 'b', 'c', 'dd', 'a b', 'naïve', '']
STRINGS = ['', 'a', 'ab', 'abc', 'A1', 'naïve', '😀😀', '12', 'x-y']
PATTERNS = ['^a', 'b$', '[0-9]+', '^[a-z]{2,3}$', '^(ab|c)*$', 'x|1', '.']
TYPES = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object']


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def number(self):
        return self.random.choice([0, 1, 2, 3, 5, 7, -1, -4, 12, 100, 2 ** 53, 10 ** 30, 0.5, 1.5, -2.5, 1e3, 7.25])

    def instance(self, depth):
        kind = self.random.choice(TYPES if depth > 0 else TYPES[:5])
        if kind == 'null':
            return None
        if kind == 'boolean':
            return self.random.random() < 0.5
        if kind in ('integer', 'number'):
            return self.number()
        if kind == 'string':
            return self.random.choice(STRINGS)
        if kind == 'array':
            return [self.instance(depth - 1) for _ in range(self.random.randrange(4))]
        return {name: self.instance(depth - 1) for name in self.random.sample(NAMES, self.random.randrange(4))}

    def schema(self, depth):
        out = {}
        for _ in range(self.random.randrange(1, 4)):
            keyword = self.random.choice(self.KEYWORDS if depth > 0 else self.FLAT)
            out.update(getattr(self, 'make_' + keyword)(depth - 1))
        return out

    FLAT = ['type', 'types', 'enum', 'length', 'pattern', 'range', 'multiple', 'items_count', 'properties_count',
            'required', 'unique']
    KEYWORDS = FLAT + ['properties', 'properties', 'pattern_properties', 'items', 'tuple', 'dependencies', 'all_of',
                       'any_of', 'one_of', 'none_of', 'reference']

    def make_type(self, _):
        return {'type': self.random.choice(TYPES)}

    def make_types(self, _):
        return {'type': self.random.sample(TYPES, self.random.randrange(1, 4))}

    def make_enum(self, _):
        values = []
        for _ in range(self.random.randrange(1, 4)):
            value = self.instance(1)
            if not any(same(value, other) for other in values):
                values.append(value)
        return {'enum': values}

    def make_length(self, _):
        return {self.random.choice(['minLength', 'maxLength']): self.random.randrange(4)}

    def make_pattern(self, _):
        return {'pattern': self.random.choice(PATTERNS)}

    def make_range(self, _):
        side = self.random.choice(['minimum', 'maximum'])
        out = {side: self.number()}
        if self.random.random() < 0.4:
            out['exclusive' + side.capitalize()] = self.random.random() < 0.7
        return out

    def make_multiple(self, _):
        return {'multipleOf': self.random.choice([1, 2, 3, 0.5, 0.25])}

    def make_items_count(self, _):
        return {self.random.choice(['minItems', 'maxItems']): self.random.randrange(4)}

    def make_properties_count(self, _):
        return {self.random.choice(['minProperties', 'maxProperties']): self.random.randrange(4)}

    def make_required(self, _):
        return {'required': self.random.sample(NAMES, self.random.randrange(1, 3))}

    def make_unique(self, _):
        return {'uniqueItems': True}

    def make_properties(self, depth):
        names = self.random.sample(NAMES, self.random.randrange(1, 4))
        out = {'properties': {name: self.schema(depth) for name in names}}
        if self.random.random() < 0.5:
            out['additionalProperties'] = self.random.choice([True, False, self.schema(depth)])
        return out

    def make_pattern_properties(self, depth):
        return {'patternProperties': {self.random.choice(PATTERNS): self.schema(depth)}}

    def make_items(self, depth):
        return {'items': self.schema(depth)}

    def make_tuple(self, depth):
        return {'items': [self.schema(depth) for _ in range(self.random.randrange(1, 3))],
                'additionalItems': self.random.choice([True, False, self.schema(depth)])}

    def make_dependencies(self, depth):
        return {'dependencies': {self.random.choice(NAMES): self.random.choice(
            [self.random.sample(NAMES, 2), self.schema(depth)])}}

    def branches(self, depth):
        return [self.schema(depth) for _ in range(self.random.randrange(1, 4))]

    def make_all_of(self, depth):
        return {'allOf': self.branches(depth)}

    def make_any_of(self, depth):
        return {'anyOf': self.branches(depth)}

    def make_one_of(self, depth):
        return {'oneOf': self.branches(depth)}

    def make_none_of(self, depth):
        return {'not': self.schema(depth)}

    def make_reference(self, _):
        return {'properties': {self.random.choice(NAMES): {'$ref': '#/definitions/d'}}}


def same(left, right):
    """JSON equality: numbers by value, and true is not 1."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return type(left) in (int, float) and type(right) in (int, float) and left == right or \
        type(left) is type(right) and left == right


def has_mixed_twins(value):
    """Does an array hold the same number as an integer and as a decimal?"""
    if isinstance(value, dict):
        return any(map(has_mixed_twins, value.values()))
    if not isinstance(value, list):
        return False
    texts = [json.dumps(item, sort_keys=True) for item in value]
    for i, left in enumerate(value):
        for j in range(i):
            if same(left, value[j]) and texts[i] != texts[j]:
                return True
    return any(map(has_mixed_twins, value))


def pairs():
    generator = Generator(4)
    made = 0
    while made < PAIRS:
        schema = generator.schema(3)
        schema['definitions'] = {'d': generator.schema(1)}
        for _ in range(4):
            instance = generator.instance(3)
            if has_mixed_twins(instance):
                continue
            made += 1
            yield schema, instance


@unittest.skipUnless(os.path.exists(PROGRAM), 'build/release/bin/snowline is not there')
class Oracle(unittest.TestCase):
    def test_verdicts_are_those_of_jsonschema(self):
        cases = list(pairs())
        lines = ''.join(json.dumps({'schema': s, 'instance': i}) + '\n' for s, i in cases)
        run = subprocess.run([PROGRAM, 'schema', 'validate', '--jsonl', '-'], input=lines.encode(),
                             stdout=subprocess.PIPE, timeout=120)
        answers = [json.loads(line) for line in run.stdout.splitlines() if line.strip()]
        self.assertEqual(len(answers), len(cases))
        wrong, valid = [], 0
        for (schema, instance), answer in zip(cases, answers):
            expected = jsonschema.Draft4Validator(schema).is_valid(instance)
            valid += expected
            if answer.get('valid') != expected:
                wrong.append((schema, instance, expected, answer))
        print(f'{len(cases)} pairs, {valid} of them valid, {len(wrong)} verdicts differ')
        self.assertEqual(wrong[:3], [])


if __name__ == '__main__':
    unittest.main()
