"""JSON that others wrote is read without surprises."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player import _loose as loose

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@given(st.binary(max_size=200))
def test_bytes_are_json_or_a_value_error(body: bytes) -> None:
    try:
        loose.decode(body)
    except ValueError:
        return


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 50_000, b"1e99999999999999999999", b"1" * 5_000])
def test_what_breaks_parsers_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        loose.decode(body)


def test_a_byte_order_mark_and_other_encodings_are_tolerated() -> None:
    assert loose.decode(b'\xef\xbb\xbf{"a":1}') == {"a": 1}
    assert loose.decode('{"a":"é"}'.encode("utf-16")) == {"a": "é"}
    assert loose.decode(b'{"a":"caf\xe9"}') == {"a": "caf�"}


def test_fractions_are_exact() -> None:
    assert loose.decode(b'{"price":0.1}') == {"price": Decimal("0.1")}


@pytest.mark.parametrize(
    ("found", "exact"),
    [
        (2, Decimal(2)),
        ("2.50", Decimal("2.50")),
        (Decimal("1E+2"), Decimal(100)),
        (True, None),
        (None, None),
        ("NaN", None),
        ("Infinity", None),
        ("", None),
        ([], None),
        (10**20, None),
        (Decimal("1E+999999999"), None),
        (Decimal("1E-999999999"), Decimal(0)),
        ("9" * 41, None),
    ],
)
def test_numbers(found: object, exact: Decimal | None) -> None:
    assert loose.to_number(found) == exact


@given(JSON)
def test_every_reader_is_total(value: object) -> None:
    for holder in (
        value,
        {"k": value},
        loose.decode(json.dumps({"k": value}, allow_nan=False).encode()) if _plain(value) else {},
    ):
        loose.node(holder, "k")
        loose.nodes(holder, "k")
        loose.text(holder, "k")
        loose.label(holder, "k")
        loose.number(holder, "k")
        loose.real(holder, "k", -10, 10)
        loose.whole(holder, "k", -10, 10)


def _plain(value: object) -> bool:
    try:
        json.dumps(value, allow_nan=False).encode()
    except ValueError:
        return False
    try:
        loose.decode(json.dumps({"k": value}, allow_nan=False).encode())
    except ValueError:
        return False
    return True


def test_labels_are_one_printable_line() -> None:
    assert loose.label({"k": "  Goal!\n\x1b[31m  Home \u202e "}, "k") == "Goal! [31m Home"
    assert loose.label({"k": "\u0000"}, "k") is None
