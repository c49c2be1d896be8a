"""Substitution macros (OpenRTB 2.6 §4.4)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from player.exchange.openrtb._loss import Loss
from player.exchange.openrtb._macros import Auction, plain

AUCTION = Auction("req/1", "bid&1", "2", "seat", "ad", Decimal("2.50"), "USD", Decimal("12.5"))


@pytest.mark.parametrize(
    ("macro", "value"),
    [
        ("${AUCTION_ID}", "req%2F1"),
        ("${AUCTION_BID_ID}", "bid%261"),
        ("${AUCTION_IMP_ID}", "2"),
        ("${AUCTION_SEAT_ID}", "seat"),
        ("${AUCTION_AD_ID}", "ad"),
        ("${AUCTION_PRICE}", "2.5"),
        ("${AUCTION_CURRENCY}", "USD"),
        ("${AUCTION_MBR}", "1"),
        ("${AUCTION_LOSS}", "0"),
        ("${AUCTION_MULTIPLIER}", "12.5"),
        ("${AUCTION_MIN_TO_WIN}", ""),
        ("${AUCTION_FUTURE_MACRO}", ""),
        ("${AUCTION_PRICE:B64}", "Mi41"),
        ("%24%7BAUCTION_PRICE%7D", "2.5"),
        ("%24%7bauction_price%3AB64%7d", "Mi41"),
        ("${OTHER}", "${OTHER}"),
        ("$AUCTION_PRICE", "$AUCTION_PRICE"),
    ],
)
def test_each_macro(macro: str, value: str) -> None:
    assert AUCTION.resolve(f"https://t.test/?a={macro}&b={macro}", Loss.WON) == f"https://t.test/?a={value}&b={value}"


def test_values_are_not_expanded_again() -> None:
    tricky = Auction("${AUCTION_PRICE}", "", "", "", "", Decimal(1), "USD", Decimal(1))

    assert tricky.resolve("https://t.test/${AUCTION_ID}", Loss.WON) == "https://t.test/%24%7BAUCTION_PRICE%7D"


@pytest.mark.parametrize(
    ("exact", "written"),
    [("2.50", "2.5"), ("100", "100"), ("1E+2", "100"), ("0.000001", "0.000001"), ("0.00", "0"), ("-0.0", "0")],
)
def test_prices_have_no_exponent_and_no_idle_zeros(exact: str, written: str) -> None:
    assert plain(Decimal(exact)) == written
