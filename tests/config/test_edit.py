"""Editing a configuration file: the key asked for, and nothing else."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import example_file, keys, load, with_values

FILE = """\
# our screen
[screen]   # who and where
id = "a-1"  # painted on its back
rotation=90

# How bright.
# brightness = 100

[exchange]
# For example:
#     url = "https://exchange.example/openrtb"

# Where ads are asked for.
# url = ""

[layout]
panels = [
    "weather",  # the largest
    "clock",
]
"""


def changed(before: str, after: str) -> list[str]:
    """The lines that are there now and were not."""
    known = before.splitlines()
    return [line for line in after.splitlines() if line not in known]


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("screen.id", "b-2", 'id = "b-2"  # painted on its back'),
        ("screen.rotation", 0, "rotation=0"),
        ("screen.brightness", 80, "brightness = 80"),
        ("screen.venue", 'the "Anchor"', r'venue = "the \"Anchor\""'),
        ("exchange.url", "https://ads.example/x", 'url = "https://ads.example/x"'),
        ("layout.panels", ("clock",), 'panels = ["clock"]'),
    ],
)
def test_one_line_is_another_and_says_the_new_value(key: str, value: object, line: str) -> None:
    after = with_values(FILE, {key: value})
    assert changed(FILE, after) == [line]
    section, name = key.split(".")
    assert tomllib.loads(after)[section][name] == (list(value) if isinstance(value, tuple) else value)


def test_a_key_is_opened_below_its_description_not_in_the_example() -> None:
    lines = with_values(FILE, {"exchange.url": "https://ads.example/x"}).splitlines()
    assert lines[lines.index('url = "https://ads.example/x"') - 1] == "# Where ads are asked for."
    assert '#     url = "https://exchange.example/openrtb"' in lines


def test_a_section_that_is_not_there_is_added_at_the_end() -> None:
    assert with_values(FILE, {"web.enabled": True}).endswith('"clock",\n]\n\n[web]\nenabled = true\n')
    assert with_values("", {"web.enabled": True}) == "[web]\nenabled = true\n"
    assert with_values('[screen]\nid = "a"', {"screen.rotation": 90}) == '[screen]\nrotation = 90\nid = "a"'


def test_a_key_is_taken_out_by_a_hash() -> None:
    assert "# rotation=90\n" in with_values(FILE, {"screen.rotation": None})
    assert tomllib.loads(with_values(FILE, {"layout.panels": None}))["layout"] == {}
    assert with_values(FILE, {"screen.venue": None}) == FILE


def test_the_only_exchange_is_meant_without_a_number() -> None:
    text = '[[exchange]]\nurl = "https://a.example"\n'
    assert with_values(text, {"exchange.url": "https://b.example"}) == '[[exchange]]\nurl = "https://b.example"\n'


def test_of_several_the_one_that_is_meant_must_be_said() -> None:
    text = '[[exchange]]\nurl = "https://a.example"\n[[exchange]]\nname = "b"\nurl = "https://b.example"\n'
    with pytest.raises(ValueError, match=r"there are 2 of \[\[exchange\]\].*exchange\.0\.url"):
        with_values(text, {"exchange.url": "https://c.example"})
    after = with_values(text, {"exchange[1].url": "https://c.example"})
    assert [one["url"] for one in tomllib.loads(after)["exchange"]] == ["https://a.example", "https://c.example"]


@pytest.mark.parametrize(
    "text",
    [
        'screen.id = "a"\n',
        'screen = { id = "a" }\n',
        "screen = { }\n",
        "[[exchange]]\n",
    ],
)
def test_what_cannot_be_done_is_refused_rather_than_half_done(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be set in this file"):
        with_values(text, {"screen.rotation": 90, "exchange[3].url": "x"})


def test_windows_line_ends_and_marks_stay() -> None:
    text = "\ufeff" + FILE.replace("\n", "\r\n")
    after = with_values(text, {"screen.brightness": 80})
    assert after == text.replace("# brightness = 100", "brightness = 80")


def test_a_hash_inside_a_text_is_not_opened() -> None:
    text = '[screen]\nvenue_name = """\n# id = "x"\n"""\n'
    assert tomllib.loads(with_values(text, {"screen.id": "b"}))["screen"] == {"id": "b", "venue_name": '# id = "x"\n'}


def test_every_key_of_the_example_file_can_be_opened_and_is_read(tmp_path: Path) -> None:
    """Each by itself; lists of sections are opened as ``[section]``, which is the only one."""
    file = tmp_path / "player.toml"
    for doc in keys():
        if doc.default in {"none", '""'} or doc.key.startswith("layout.template."):
            continue
        value = tomllib.loads(f"x = {doc.default}")["x"]
        after = with_values(example_file(), {doc.key: value})
        assert len(changed(example_file(), after)) == 1, doc.key
        file.write_text(after, encoding="utf-8")
        if not doc.key.startswith("exchange."):  # an exchange needs a URL
            load(file, {})


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40))
def test_any_text_is_written_so_that_it_is_read_again(text: str) -> None:
    assert tomllib.loads(with_values(FILE, {"screen.venue": text}))["screen"]["venue"] == text
