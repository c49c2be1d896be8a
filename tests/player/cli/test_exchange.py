"""``exchange try``: what a person reads of each answer."""

from __future__ import annotations

import pytest

from config import Code, OohError
from player.cli._exchange import _as_text
from player.exchange import Answer, Explanation, NoFill


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (NoFill("no bids, nbr 2: invalid request"), ["no fill: no bids, nbr 2"]),
        (OohError(Code.EXCHANGE_THROTTLED, "status 429"), ["exchange.throttled", "status 429", "do: "]),
    ],
)
def test_an_answer_without_an_ad_is_explained(result: Answer | OohError, said: list[str]) -> None:
    text = _as_text(Explanation("acme", "https://x.test/", b"{}", 200, b"", result, (), 12))

    assert all(words in text for words in said)
