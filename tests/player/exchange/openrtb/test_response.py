"""The bid response: what is taken, what is refused, and that no bytes break the parser."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cache import Beacon
from config import Code, OohError
from player.exchange import NoFill, Offered, RefusedError
from player.exchange.openrtb._macros import LOSS_CODE, SHOWN_AT_MS
from player.exchange.openrtb._request import Asked
from player.exchange.openrtb._response import Reading, read_response
from tests.player.exchange.openrtb.answers import NOW, FakeDesk, answer, asked, bid


def read(body: bytes, request: Asked | None = None) -> Reading:
    return read_response(body, request or asked(), FakeDesk())


def offered(body: bytes, request: Asked | None = None) -> Offered:
    result = read(body, request).result
    assert isinstance(result, Offered), result
    return result


def code_of(body: bytes, request: Asked | None = None) -> Code:
    result = read(body, request).result
    assert isinstance(result, OohError), result
    return result.code


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"null", "null"),
        (b"{}", "no bids"),
        (b'{"id":"req-1","seatbid":[]}', "no bids"),
        (b'{"id":"req-1","seatbid":null}', "no bids"),
        (b'{"seatbid":[{"bid":[]}]}', "no bids"),
        (b'{"seatbid":[{}]}', "no bids"),
        (b'{"nbr":2}', "nbr 2: invalid request"),
        (b'{"nbr":"8","seatbid":[]}', "nbr 8: unmatched user"),
        (b'{"nbr":599}', "nbr 599"),
        (b'\xef\xbb\xbf{"id":"req-1"}', "no bids"),
    ],
)
def test_every_way_of_saying_no_is_a_no_fill(body: bytes, reason: str) -> None:
    result = read(body).result

    assert isinstance(result, NoFill)
    assert reason in result.reason


def test_a_bid_becomes_a_lease() -> None:
    (lease,) = offered(answer(bid())).leases

    assert (lease.lease_id, lease.exchange, lease.request_id, lease.imp_id) == ("lease-1", "acme", "req-1", "1")
    assert (lease.bid_id, lease.creative_id, lease.campaign_id) == ("bid-1", "creative-9", "campaign-7")
    assert (lease.advertiser_domain, lease.price, lease.currency) == ("brand.test", "2.5", "USD")
    assert lease.creative_url == "https://cdn.test/a.jpg?w=300&h=250"
    assert (lease.width, lease.height, lease.duration_ms, lease.multiplier) == (300, 250, 8_000, 12.5)
    assert (lease.not_before, lease.expires_at) == (NOW, NOW + timedelta(seconds=900))
    assert lease.on_shown == (
        Beacon("impression", "https://t.test/i?p=2.5"),
        Beacon("billing", "https://dsp.test/bill?p=2.5&i=1&m=12.5"),
    )
    assert lease.on_released == (Beacon("loss", f"https://dsp.test/loss?why={LOSS_CODE}"),)


def test_the_win_is_told() -> None:
    result = offered(answer(bid()))
    assert result.leases[0].on_won == (Beacon("win", "https://dsp.test/win?p=2.5"),)
    assert result.notices == ()


def test_the_best_price_wins_each_impression_and_the_others_are_told() -> None:
    result = offered(
        answer(
            bid(id="low", price=2),
            bid(id="high", price="9.99"),
            bid(id="tie", price=9.99),
            bid(id="other", impid="2", price=1),
        )
    )

    assert [(lease.bid_id, lease.price) for lease in result.leases] == [("high", "9.99"), ("other", "1")]
    assert [beacon.kind for beacon in result.notices] == ["loss", "loss"]
    assert {beacon.url for beacon in result.notices} == {"https://dsp.test/loss?why=102"}


def test_prices_are_compared_exactly() -> None:
    close = [bid(id="a", price=None), bid(id="b", price=None)]
    body = answer(*close).decode().replace('"id": "a",', '"id": "a", "price": 2.00000000001,')
    body = body.replace('"id": "b",', '"id": "b", "price": 2.000000000011,')

    assert [lease.bid_id for lease in offered(body.encode()).leases] == ["b"]


@pytest.mark.parametrize(
    ("changes", "code", "loss"),
    [
        ({"impid": "99"}, Code.EXCHANGE_UNKNOWN_IMP, 3),
        ({"impid": None}, Code.EXCHANGE_UNKNOWN_IMP, 3),
        ({"price": None}, Code.EXCHANGE_INVALID, 9),
        ({"price": "much"}, Code.EXCHANGE_INVALID, 9),
        ({"price": -1}, Code.EXCHANGE_INVALID, 9),
        ({"price": 0.99}, Code.EXCHANGE_INVALID, 100),
        ({"dur": 3600}, Code.EXCHANGE_INVALID, 212),
        ({"dur": -5}, Code.EXCHANGE_INVALID, 212),
        ({"adm": None}, Code.EXCHANGE_NO_CREATIVE, 7),
        ({"adm": {"native": 1}}, Code.EXCHANGE_NO_CREATIVE, 7),
        ({"adm": "<p>", "iurl": "ftp://x.test/a.png"}, Code.EXCHANGE_NO_CREATIVE, 204),
    ],
)
def test_a_bad_bid_is_refused_and_the_others_are_still_used(changes: dict[str, object], code: Code, loss: int) -> None:
    bad = bid(**{"id": "bad", **changes})
    result = offered(answer(bad, bid(id="good", impid="2")))

    assert [lease.bid_id for lease in result.leases] == ["good"]
    assert [(refusal.bid_id, refusal.code) for refusal in result.refused] == [("bad", code)]
    assert Beacon("loss", f"https://dsp.test/loss?why={loss}") in result.notices
    alone = read(answer(bad)).result
    assert isinstance(alone, RefusedError)
    assert alone.code is code
    assert Beacon("loss", f"https://dsp.test/loss?why={loss}") in alone.notices


def test_a_flood_of_losers_does_not_hold_up_what_is_paid() -> None:
    losers = [bid(id=f"b{number}", price=1.5, lurl=f"https://dsp.test/{number}") for number in range(300)]
    notices = offered(answer(*losers, bid())).notices

    assert {one.kind for one in notices} == {"loss"}
    assert len(notices) == 50


@pytest.mark.timeout(20)
def test_a_flood_of_bids_is_cut() -> None:
    """2 MB of them took 7 s to judge."""
    assert len(read(answer(*[{}] * 600_000)).reasons) <= 500


def test_an_object_where_a_list_belongs_is_a_list_of_one() -> None:
    (lease,) = offered(answer(seatbid={"seat": "s", "bid": bid(adomain="brand.test")})).leases

    assert (lease.bid_id, lease.advertiser_domain) == ("bid-1", "brand.test")


def test_urls_are_read_as_browsers_read_them() -> None:
    (lease,) = offered(
        answer(
            bid(
                adm="<p>",
                iurl=" //cdn.test/a b.jpg\r\n",
                burl="//dsp.test/bill?p=${AUCTION_PRICE:B64}",
                lurl="/relative",
            )
        )
    ).leases

    assert lease.creative_url == "https://cdn.test/a%20b.jpg"
    assert lease.on_shown == (Beacon("billing", "https://dsp.test/bill?p=Mi41"),)
    assert lease.on_released == ()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
def test_the_encodings_that_servers_use(encoding: str) -> None:
    text = answer(bid(crid="créatif")).decode().replace("\\u00e9", "é").replace('"seatbid"', '\r\n\t"seatbid"')

    assert offered(text.encode(encoding)).leases[0].creative_id == "créatif"


def test_the_time_of_the_showing_is_left_to_the_play() -> None:
    """${AUCTION_IMP_TS} is known when it was shown; a notice of before or of a loss has none."""
    url = "https://dsp.test/?t=${AUCTION_IMP_TS}&u=$%7bauction_imp_ts%7D&p=${AUCTION_PRICE}"
    result = offered(
        answer(bid(nurl=url, burl=url, lurl=url, adm=f'<img src="https://c.test/a"><img width=1 src="{url}">'))
    )

    assert [beacon.url for beacon in result.leases[0].on_shown] == [
        f"https://dsp.test/?t={SHOWN_AT_MS}&u={SHOWN_AT_MS}&p=2.5"
    ] * 2
    assert {beacon.url for beacon in (*result.notices, *result.leases[0].on_released)} == {
        "https://dsp.test/?t=&u=&p=2.5"
    }


def test_line_ends_inside_texts_are_blanks() -> None:
    raw = answer(bid(crid="MARK")).replace(b"MARK", b"one\r\ntwo")

    assert offered(raw).leases[0].creative_id == "one  two"


def test_the_review_image_stands_in_for_missing_markup() -> None:
    (lease,) = offered(answer(bid(adm=None, iurl="https://cdn.test/i.png?p=${AUCTION_PRICE}"))).leases

    assert lease.creative_url == "https://cdn.test/i.png?p=2.5"


@pytest.mark.parametrize(
    ("changes", "seconds"), [({"exp": 60}, 60), ({"exp": 86_400}, 900), ({"exp": 0}, 900), ({"exp": "soon"}, 900)]
)
def test_a_lease_ends_when_the_bid_says_but_not_later_than_asked(changes: dict[str, object], seconds: int) -> None:
    (lease,) = offered(answer(bid(**changes))).leases

    assert lease.expires_at == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("dur", "ms"),
    [(15, 15_000), (2.5, 2_500), ("10", 10_000), (0, 8_000), (None, 8_000), (15_000, 15_000), ("5000", 5_000)],
)
def test_an_ad_s_own_length_wins_over_the_slot_s(dur: object, ms: int) -> None:
    assert offered(answer(bid(dur=dur))).leases[0].duration_ms == ms


def test_another_currency_is_refused_and_a_missing_one_is_the_one_asked_for() -> None:
    for other in ("EUR", ["EUR"], ["USD", "EUR"], 978, {"code": "USD"}):
        assert code_of(answer(bid(), cur=other)) is Code.EXCHANGE_INVALID
    assert offered(answer(bid(), cur="usd")).leases[0].currency == "USD"
    silent = read(answer(bid(), cur=None), asked(currency="EUR"))
    assert isinstance(silent.result, Offered)
    assert silent.result.leases[0].currency == "EUR"
    assert any("no currency" in reason for reason in silent.reasons)


def test_notices_that_are_no_web_addresses_are_dropped() -> None:
    result = offered(answer(bid(nurl="javascript:x", burl="", lurl=7, adm='<img src="https://c.test/a">')))

    assert (result.notices, result.leases[0].on_shown, result.leases[0].on_released) == ((), (), ())


@pytest.mark.parametrize(
    "body", [b"<html>login</html>", b'{"seatbid":', b"[]", b'"text"', b"7", b"true", b"[" * 99_999]
)
def test_what_is_no_answer_is_invalid(body: bytes) -> None:
    assert code_of(body) is Code.EXCHANGE_INVALID


def test_reasons_tell_the_story() -> None:
    reading = read(answer(bid(), bid(id="bad", impid="9"), bid(id="low", price=1), id="another"))

    assert reading.reasons == (
        "the answer's id is 'another', not the request's",
        "bid bid-1 taken at 2.5 USD",
        "bid low outbid at 1 USD",
        "bid bad refused: its impression is '9'",
    )


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
BIDS = st.fixed_dictionaries({}, optional=dict.fromkeys((*bid(), "exp", "dur", "iurl", "dealid", "adid"), ODD)).map(
    lambda odd: {**bid(), **odd}
)
ANSWERS = st.fixed_dictionaries(
    {"seatbid": st.lists(st.fixed_dictionaries({"bid": st.lists(BIDS, max_size=3) | ODD}) | ODD, max_size=3) | ODD},
    optional={"id": ODD, "cur": ODD, "nbr": ODD, "bidid": ODD},
)


def check(reading: Reading) -> None:
    """What every reading keeps to, whatever came."""
    if isinstance(reading.result, OohError):
        assert reading.result.code.code.startswith("exchange.")
    if isinstance(reading.result, Offered):
        assert len({lease.imp_id for lease in reading.result.leases}) == len(reading.result.leases) > 0
        for lease in reading.result.leases:
            assert lease.creative_url.lower().startswith(("http://", "https://"))
            assert Decimal(lease.price or "") >= 1
            assert 1_000 <= lease.duration_ms <= 120_000
            assert NOW < lease.expires_at <= NOW + timedelta(seconds=900)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_parser(body: bytes) -> None:
    check(read(body))


@given(ANSWERS)
def test_no_json_breaks_the_parser(odd: dict[str, Any]) -> None:
    check(read(json.dumps(odd).encode("utf-8", "surrogatepass")))


@given(st.data())
def test_no_damage_to_a_good_answer_breaks_the_parser(data: st.DataObject) -> None:
    body = bytearray(answer(bid(), bid(id="2", impid="2")))
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    check(read(bytes(body[: data.draw(st.integers(0, len(body)))])))
