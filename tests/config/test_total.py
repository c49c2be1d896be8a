"""Loading is total: whatever is in the file, it loads or it is a ConfigError with readable problems."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from config import ConfigError, keys, load
from config._words import spelt, toml

NAMES = [key.key for key in keys()]
ODD = st.one_of(
    st.integers(),
    st.floats(),
    st.booleans(),
    st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=20),
    st.lists(st.one_of(st.integers(), st.text(alphabet="ab:/", max_size=5), st.just([])), max_size=3),
    st.dictionaries(st.sampled_from(["id", "url", "x y"]), st.integers(), max_size=2),
)


def outcome(data: bytes) -> tuple[str, ...]:
    with tempfile.TemporaryDirectory() as folder:
        main = Path(folder) / "player.toml"
        main.write_bytes(data)
        try:
            load(main, {})
        except ConfigError as error:
            return tuple(str(problem).removeprefix(f"{folder}/") for problem in error.problems)
        return ()


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    assert all("\n" not in line for line in outcome(data))


@given(st.dictionaries(st.sampled_from(NAMES), ODD, max_size=6))
def test_any_values(values: dict[str, object]) -> None:
    lines = [f"{'.'.join(spelt(name) for name in key.split('.'))} = {toml(value)}" for key, value in values.items()]
    text = "\n".join(lines)
    for line in outcome(text.encode("utf-8")):
        assert line.startswith("player.toml:")
        assert "\n" not in line
        number = int(line.split(":")[1])
        assert 1 <= number <= len(lines)
