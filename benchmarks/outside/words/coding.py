"""Programs, errors and requests as developers paste them."""

from __future__ import annotations

import random

from benchmarks.outside.words.grammar import Grammar
from benchmarks.outside.words.listing import listed

NOUNS = listed("""
    order | invoice | user | session | ticket | booking | shipment | report | token | message | payment |
    cart | sensor | event | profile | job | upload | comment | device | price | stock | route | schedule |
    image | query | batch | account | lead | survey | lesson
""")
VERBS = listed("""
    load | save | parse | merge | validate | fetch | update | sort | filter | group | render | send | retry
    | export | import | sync | count | normalise | hash | split | archive | resolve | schedule | publish
""")
LIBS = listed(
    "pandas | requests | sqlalchemy | fastapi | pydantic | numpy | click | httpx | celery | django | asyncio | pytest"
)
ERRORS = listed("""
    TypeError: 'NoneType' object is not subscriptable | KeyError: '{noun}_id' | ValueError: could not
    convert string to float: '' | AttributeError: '{Noun}' object has no attribute '{verb}' | ECONNREFUSED
    127.0.0.1:5432 | TS2345: Argument of type '{Noun}[]' is not assignable | IndexError: list index out of
    range | Uncaught TypeError: Cannot read properties of undefined (reading '{noun}') |
    psycopg.errors.UniqueViolation: duplicate key value violates unique constraint "{noun}_pkey" | panic:
    runtime error: invalid memory address | error[E0502]: cannot borrow `{noun}s` as mutable | 504 Gateway
    Time-out | MemoryError | RecursionError: maximum recursion depth exceeded |
    java.lang.NullPointerException at {Noun}Service.{verb}({Noun}Service.java:{line}) | CORS policy: No
    'Access-Control-Allow-Origin' header
""")
_ASK = listed("""
    {error} when I {verb} the {noun}s | Why do I get this? {error} | write a {lang} function to {verb}
    {noun}s by {field} | refactor this:¶{code} | {code}¶what does this do? | fix: {error}¶¶{code} | Add
    type hints and a docstring.¶¶{code} | write unit tests for this¶{code} | how do I {verb} a {noun} in
    {lib} without blocking | convert this to {lang}:¶{code} | review this diff, anything wrong?¶{code} |
    best way to {verb} {count} {noun}s in {lang}? | my {lib} job takes {count} seconds to {verb} the
    {noun}s, where is the bottleneck?¶{code} | SQL: latest {noun} per {other}, ties by {field} | regex that
    matches a {noun} {field} like {sample} | rename {verb}_{noun} everywhere and keep the old name working
    | design a table for {noun}s with many {other}s | explain this {lang} error in plain words: {error} |
    is {lib} thread safe when I {verb} {noun}s? | make the {noun} form validate {field} on blur | can you
    speed this up? {code}
""")
_RULES: dict[str, tuple[str, ...]] = {
    "lang": listed("Python | TypeScript | Go | Rust | Java | JavaScript | C# | Kotlin | bash | PHP"),
    "field": listed("""
        date | status | amount | name | created_at | priority | region | sku | email | duration | version
    """),
    "lib": LIBS, "noun": NOUNS, "verb": VERBS, "other": NOUNS,
}  # fmt: skip
GRAMMAR = Grammar(_RULES)

_PYTHON = (
    "def {verb}_{noun}({noun}s, {field}=None):\n    result = []\n    for {noun} in {noun}s:\n        if {noun}.get('{field}') is not None:\n"
    "            result.append({noun})\n    return result",
    "class {Noun}Store:\n    def __init__(self, path):\n        self.path = path\n        self._{noun}s = {{}}\n\n    def {verb}(self, key):\n"
    "        return self._{noun}s.setdefault(key, [])",
    "import {lib}\n\nasync def {verb}_all(urls):\n    out = []\n    for url in urls:\n        out.append(await client.get(url))\n    return [o.json()['{noun}'] for o in out]",
    "df['{field}'] = df['{field}'].fillna(0)\nby = df.groupby('{noun}')['{field}'].agg(['sum', 'count'])\nprint(by.sort_values('sum').tail({count}))",
    "def test_{verb}_{noun}():\n    {noun} = {{'id': {count}, '{field}': 'x'}}\n    assert {verb}({noun}) == {noun}\n\ndef test_{verb}_empty():\n    assert {verb}({{}}) == {{}}",
    "with open('{noun}s.csv') as f:\n    rows = [line.split(',') for line in f]\ntotal = sum(float(r[{small}]) for r in rows[1:])",
)
_SCRIPT = (
    "export async function {verb}{Noun}(id: string): Promise<{Noun}> {{\n  const res = await fetch(`/api/{noun}s/${{id}}`);\n  return res.json();\n}}",
    "const {noun}s = items.filter(i => i.{field}).map(i => ({{...i, {verb}ed: true}}));\nconsole.log({noun}s.length);",
    "useEffect(() => {{\n  {verb}{Noun}s().then(set{Noun}s);\n}}, [{field}]);",
    "router.post('/{noun}s', async (req, res) => {{\n  const {noun} = await db.{noun}.create(req.body);\n  res.status(201).send({noun});\n}});",
)
_SQL = (
    "SELECT {noun}_id, MAX({field}) AS last\nFROM {noun}s\nJOIN {other}s USING ({other}_id)\nWHERE {field} > now() - interval '{count} days'\nGROUP BY 1;",
    "WITH ranked AS (\n  SELECT *, row_number() OVER (PARTITION BY {other}_id ORDER BY {field} DESC) AS r FROM {noun}s\n)\nSELECT * FROM ranked WHERE r = 1;",
)
_LANGUAGES = {"python": _PYTHON, "typescript": _SCRIPT, "sql": _SQL}


def _given(dice: random.Random) -> dict[str, str]:
    noun, other = dice.sample(NOUNS, 2)
    return {
        "noun": noun, "Noun": noun.capitalize(), "other": other, "verb": dice.choice(VERBS), "line": str(dice.randint(12, 480)),
        "count": str(dice.choice((3, 5, 10, 20, 30, 50, 90, 500, 10_000)) + dice.randrange(9)), "small": str(dice.randrange(6)),
        "field": dice.choice(_RULES["field"]), "lib": dice.choice(LIBS), "sample": f"{dice.choice('ABCX')}-{dice.randint(100, 99_999)}",
    }  # fmt: skip


def snippet(dice: random.Random, language: str = "python") -> str:
    """A short piece of a program; several where it is longer."""
    forms = _LANGUAGES.get(language, _PYTHON)
    return "\n\n".join(dice.choice(forms).format(**_given(dice)) for _ in range(dice.choice((1, 1, 2, 3))))


def request(dice: random.Random) -> str:
    """What a developer asks, with pasted code or an error."""
    given = _given(dice)
    error = dice.choice(ERRORS).format(**given)
    language = dice.choice(("python", "python", "typescript", "sql"))
    return GRAMMAR.fill(dice.choice(_ASK), dice, **given, error=error, code=snippet(dice, language))


def path(dice: random.Random) -> str:
    """A file of somebody's project."""
    folder = dice.choice(("src", "app", "lib", "tests", "services", "packages/web", "internal"))
    return (
        f"{folder}/{dice.choice(NOUNS)}s/{dice.choice(VERBS)}.{dice.choice(('py', 'ts', 'go', 'tsx', 'sql'))}"
    )
