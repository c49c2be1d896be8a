"""Whatever a server sends is an answer or an error, never a crash."""

from __future__ import annotations

import contextlib
import json

from hypothesis import given
from hypothesis import strategies as st

from config import ExchangeConfig, OohError
from player.exchange import NoFill, Offered
from player.exchange.vistar._assets import read_assets
from player.exchange.vistar._request import asked_for
from player.exchange.vistar._response import read_response
from tests.fakes import FakeClock
from tests.player.exchange.vistar.asking import AD, WANTED

ASKED = asked_for(ExchangeConfig(kind="vistar"), WANTED, "r", FakeClock().now())
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["1e999", "-0", "NaN", "9" * 400, "https://", "//", "https://x/\u0000"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def read(body: bytes) -> None:
    result = read_response(body, ASKED, lambda: "id").result
    assert isinstance(result, Offered | NoFill | OohError)
    if isinstance(result, Offered):
        for lease in result.leases:
            assert lease.not_before < lease.expires_at
            assert WANTED.min_ms <= lease.duration_ms <= WANTED.max_ms
            assert lease.on_shown
            assert len(lease.memo or "") < 65_536
    with contextlib.suppress(OohError):
        read_assets(body)


@given(st.binary(max_size=200))
def test_any_bytes(body: bytes) -> None:
    read(body)


@given(st.dictionaries(st.sampled_from(sorted(AD)), VALUES), st.lists(VALUES, max_size=2))
def test_any_advertisement(changes: dict[str, object], others: list[object]) -> None:
    read(json.dumps({"advertisement": [AD | changes, *others], "asset": [AD | changes]}).encode("utf-8", "replace"))
