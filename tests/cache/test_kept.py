"""A small JSON file that a process keeps: read as what it should be, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from cache import read_json


def test_what_was_kept_is_read(tmp_path: Path) -> None:
    (tmp_path / "kept.json").write_bytes(b'{"a": 1}')
    assert read_json(tmp_path / "kept.json", dict[str, int]) == {"a": 1}


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b'{"a": "x"}', b'{"\xff": 1}'])
def test_what_cannot_be_read_is_none(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "kept.json").write_bytes(content)
    assert read_json(tmp_path / "kept.json", dict[str, int]) is None
