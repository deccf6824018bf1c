"""Source code, diffs, stack traces and shell output that developers and their tools send."""

from __future__ import annotations

import random

from benchmarks.outside.businesses.grammar import Grammar, Rules, between, pick
from benchmarks.outside.businesses.lexicon import WORDS
from benchmarks.outside.words import answers
from benchmarks.outside.words.coding import request
from benchmarks.outside.words.listing import listed

_CODE: Rules = {
    "noun": listed("""
        order | user | invoice | cart | token | page | cache | job | queue | report | ticket | asset |
        route | sensor | batch | label | shard | event | widget | ledger | upload | tenant | quota |
        lease | badge | slot | draft
    """),
    "verb": listed("""
        load | save | merge | parse | render | fetch | sort | split | count | build | check | close |
        open | update | send | format | resolve | retry | encode | filter | group | trim
    """),
    "field": listed("""
        id | name | total | created_at | status | owner | price | size | kind | email | path | version |
        lang | retries
    """),
    "call": ["{verb}_{noun}", "{verb}_{noun}s", "{verb}_{noun}_{field}"],
    "type": ["int", "str", "float", "bool", "list[str]", "dict[str, int]", "bytes"],
    "kind": ["Order", "User", "Invoice", "Page", "Job", "Sensor", "Tenant", "Draft", "Shard"],
    "value": ["{0..500}", "None", '"{noun}"', "[]", "{1..9}.{0..9}", "True"],
    "step": [
        "    {noun} = {call}({noun}, {value})",
        "    if not {noun}.{field}:\n        raise ValueError(f'no {field} in {noun}')",
        "    for {noun} in {noun}s:\n        {call}({noun})",
        "    {noun}s = [{noun}.{field} for {noun} in {noun}s if {noun}.{field} > {0..99}]",
        "    total += {noun}.{field} * {value}",
        "    log.info('{verb} %s', {noun}.{field})",
        "    with open({noun}_path) as handle:\n        {noun} = json.load(handle)",
        "    await {call}({noun}_id, timeout={1..60})",
        "    {noun}s.sort(key=lambda {initial}: {initial}.{field})",
        "    cache[{noun}.{field}] = {value}",
    ],
    "python": [
        "def {call}({noun}: {kind}, {field}: {type} = {value}) -> {type}:\n{step*2..7|\n}\n    return {noun}",
        "async def {call}({noun}s: list[{kind}]) -> None:\n{step*2..6|\n}",
        "class {kind}Store:\n    def __init__(self, {field}: {type}) -> None:\n        self.{field} = "
        "{field}\n\ndef {call}(store: {kind}Store) -> {type}:\n{step*1..5|\n}\n    return store.{field}",
    ],
    "sql": [
        (
            "SELECT {field}, count(*) FROM {noun}s WHERE {field} > {0..900} GROUP BY {field} ORDER BY "
            "2 DESC LIMIT {5..100};"
        ),
        (
            "SELECT a.{field}, b.{field} FROM {noun}s a JOIN {noun}s b ON a.{field} = b.{field} WHERE "
            "b.{field} IS NULL;"
        ),
        "UPDATE {noun}s SET {field} = {0..99} WHERE {field} < '{isodate}';",
    ],
    "script": [
        "const {noun}s = await api.{verb}('{noun}s', { {field}: {0..99}, limit: {1..50} "
        "});\n{noun}s.forEach(({initial}) => {verb}({initial}.{field}));",
        "export function {verb}({noun}) {\n  return {noun}.{field} ?? {0..9};\n}",
    ],
    "file": [
        "src/{noun}/{verb}.py",
        "lib/{noun}s.ts",
        "app/{noun}_{verb}.py",
        "pkg/{noun}/{noun}.go",
        "{noun}s/{verb}.sql",
    ],
    "trace": [
        'Traceback (most recent call last):\n  File "{file}", line {3..400}, in {call}\n    {noun}.{field}\n'
        "AttributeError: 'NoneType' object has no attribute '{field}'",
        "File \"{file}\", line {3..400}\nKeyError: '{field}'",
        (
            "FAILED {file}::test_{call} - assert {0..99} == {0..99}\n{1..40} passed, 1 failed in "
            "{1..90}.{10..99}s"
        ),
        "error[E0{100..599}]: mismatched types in {file}:{3..400}\nexpected {kind}, found {type}",
        "TypeError: {call}() missing 1 required argument: '{field}' ({file}:{3..400})",
    ],
    "diff": [
        "--- a/{file@1}\n+++ b/{file@1}\n@@ -{1..200},{3..9} +{1..200},{3..9} @@\n-    {noun} = "
        "{call}({noun})\n+    {noun} = {call}({noun}, {field}={value})\n{step*1..3|\n}",
        "--- a/{file@1}\n+++ b/{file@1}\n@@ -{1..200},4 +{1..200},6 @@\n{step}\n+{step}\n+{step}\n{step}",
    ],
    "wanted": [
        "add retries to {call} in {file}",
        "the {noun} page is slow, find out why",
        "rename {field} to {field} everywhere in {file}",
        "write tests for {call}",
        "{call} fails when {noun} is empty, fix it",
        "why does {file} import {noun} twice?",
        "move {call} out of {kind}Store",
        "make {call} async without breaking the {noun} job",
        "we need a {field} column on {noun}s, with a migration",
        "CI is red: {trace}",
        "explain what {call} does before I touch it",
        "add type hints to {file}",
        "update the docs for {verb} {noun}",
        "replace the {noun} cache by something with a limit of {10..5000} entries",
    ],
    "did": [
        "I changed `{call}` in `{file}` so that it checks `{noun}.{field}` first. The {noun} tests pass.",
        "The failure comes from `{file}`: `{noun}` can be empty when `{call}` runs. I added a guard.",
        "Done: `{field}` is now optional and `{call}` retries {2..6} times with a growing delay.",
        "I would not touch `{file}`: the {noun} job depends on the order of `{field}`.",
        "Let me look at `{file}` first.",
        "Next I will run the tests of {noun}.",
    ],
    "shell": [
        "$ ls {noun}s\n{noun}.py\n{verb}_{noun}.py\n__init__.py\n{noun}_{field}.sql",
        "$ git status\nmodified: {file}\nmodified: {file}\nuntracked: {file}",
        (
            "$ grep -rn {field} {noun}s | head -3\n{file}:{1..300}: {noun}.{field}\n{file}:{1..300}: "
            "{verb}({field})"
        ),
        "{trace}",
        "{python}",
        "{2..90} passed in {1..60}.{10..99}s",
    ],
}

_GRAMMAR = Grammar(WORDS, _CODE)


def code(dice: random.Random, kind: str = "python") -> str:
    """A piece of code or of tool output: python, sql, script, trace, diff, shell, file."""
    return _GRAMMAR.start(dice, kind)


def wish(dice: random.Random) -> str:
    """What a developer asks for; half of the time as the developers of the crowd do."""
    if dice.random() < 0.5:
        return request(dice)
    return _GRAMMAR.start(dice, "wanted")


def work(dice: random.Random) -> str:
    """What an assistant answers a developer: what it did, often with code."""
    if dice.random() < 0.3:
        return answers.code(dice, code(dice, "trace"))
    said = " ".join(_GRAMMAR.start(dice, "did") for _ in range(between(dice, 1, 3)))
    if dice.random() < 0.6:
        said += f"\n\n```\n{code(dice, pick(dice, ('python', 'python', 'diff', 'sql', 'script')))}\n```"
    return said


def say(dice: random.Random, template: str, **given: str) -> str:
    """Any template with the words of this file."""
    return _GRAMMAR.say(dice, template, **given)
