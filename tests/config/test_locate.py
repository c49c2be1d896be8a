"""The locator: lines of keys in TOML of every form."""

from __future__ import annotations

import json
import tomllib

from hypothesis import given
from hypothesis import strategies as st

from config._locate import locate

TEXT = '''\
# first = 1
top = "a # b"          # a comment with [brackets] and key = 1

[screen]               # 4
id = 'x = "y"'
"quoted key" = 1
dotted . inner = 2
note = """
[not.a.section]
not_a_key = "quoted \\""" inside"
""""
after = 1979-05-27 07:32:00
raw = \'\'\'
[nor.this]\'\'\'
list = [ # 15
  "a", # one
  # a line between
  ["b", "c"],
  { deep = 1, more = [
    2 ] },
]
[[loop]]
kind = "ad"
[[loop]] # 24
creatives = ["x",
  "y"]
[loop.sub]
x = 1
[panels]
weather = { url = "https://a.example/?q={}", place = 'B' }
'''


def test_every_form() -> None:
    lines = locate(TEXT)
    assert tomllib.loads(TEXT)["loop"][1]["sub"] == {"x": 1}
    assert {key: line for key, line in lines.items() if "not" not in key} | {} == {
        "top": 2,
        "screen": 4,
        "screen.id": 5,
        'screen."quoted key"': 6,
        "screen.dotted": 7,
        "screen.dotted.inner": 7,
        "screen.after": 12,
        "screen.raw": 13,
        "screen.list": 15,
        "screen.list[0]": 16,
        "screen.list[1]": 18,
        "screen.list[1][0]": 18,
        "screen.list[1][1]": 18,
        "screen.list[2]": 19,
        "screen.list[2].deep": 19,
        "screen.list[2].more": 19,
        "screen.list[2].more[0]": 20,
        "loop[0]": 22,
        "loop[0].kind": 23,
        "loop[1]": 24,
        "loop[1].creatives": 25,
        "loop[1].creatives[0]": 25,
        "loop[1].creatives[1]": 26,
        "loop[1].sub": 27,
        "loop[1].sub.x": 28,
        "panels": 29,
        "panels.weather": 30,
        "panels.weather.url": 30,
        "panels.weather.place": 30,
    }
    assert [key for key in lines if "not" in key] == ["screen.note"]


def test_windows_line_ends() -> None:
    assert locate("[a]\r\n\r\nb = 1\r\n")["a.b"] == 3


@given(st.text(alphabet=st.sampled_from("ab.=[]{}\"'#\\,\n 1é\r\t"), max_size=60))
def test_it_ends_on_any_text(text: str) -> None:
    lines = locate(text)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())


NAMES = st.text(alphabet="abcxyz-_ .é", min_size=1, max_size=6)
SCALARS = st.one_of(st.integers(), st.booleans(), st.text(alphabet="ab#[]{}=\"'\\ ,.", max_size=12))
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3), max_leaves=5)


@given(st.dictionaries(NAMES, st.dictionaries(NAMES, VALUES, max_size=4), max_size=4), st.integers(0, 3))
def test_every_written_key_is_found(sections: dict[str, dict[str, object]], gap: int) -> None:
    written: list[str] = []
    expected: dict[str, int] = {}
    for section, body in sections.items():
        written += [""] * gap + [f"[{json.dumps(section)}] # {{"]
        for key, value in body.items():
            written.append(f"{json.dumps(key)} = {json.dumps(value)}")
            expected[f"{_spelt(section)}.{_spelt(key)}"] = len(written)
    text = "\n".join(written)
    tomllib.loads(text)
    lines = locate(text)
    assert {key: lines.get(key) for key in expected} == expected


def _spelt(name: str) -> str:
    return name if name.isascii() and not set(name) & set(" .") else json.dumps(name, ensure_ascii=False)
