"""OpenRTB 2.6 clause by clause: what is understood and what is called. Each row names its clause."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from cache import Lease
from config import AdsConfig, Code, OohError
from player.exchange import HTML, MIMES, NoFill, Offered, RefusedError, Rules, cost
from player.exchange.openrtb._macros import LOSS_CODE, SHOWN_AT_MS
from player.exchange.openrtb._response import Reading, read_response
from tests.player.exchange.openrtb.answers import NOW, FakeDesk, answer, asked, bid

ADS = AdsConfig(
    blocked_domains=("Rival.example", "https://www.casino.example/a"),
    blocked_categories=("IAB8-5", "IAB23", "7/211"),
    blocked_attributes=(13, 8),
    max_seconds=30,
)


def read(body: bytes, count: int = 1, desk: FakeDesk | None = None, **wanted: Any) -> Reading:
    request = asked(count)
    request = replace(request, opportunity=replace(request.opportunity, **wanted))
    return read_response(body, request, desk or FakeDesk())


def lease(body: bytes, desk: FakeDesk | None = None, **wanted: Any) -> Lease:
    result = read(body, 1, desk, **wanted).result
    assert isinstance(result, Offered), result
    return result.leases[0]


@pytest.mark.parametrize(
    ("clause", "body"),
    [
        ("4.2.1 / 7.1: an empty body", b""),
        ("7.1: blanks", b" \r\n "),
        ("7.1: {}", b"{}"),
        ("7.1: an empty seatbid", b'{"id":"req-1","seatbid":[]}'),
        ("7.1: nbr alone", b'{"id":"req-1","nbr":2}'),
        ("7.1: nbr and an empty seatbid", b'{"id":"req-1","seatbid":[],"nbr":8}'),
        ("in the wild: nbr as text", b'{"nbr":"8"}'),
        ("in the wild: null", b"null"),
        ("in the wild: seatbid null", b'{"id":"req-1","seatbid":null}'),
        ("in the wild: a seat without bids", b'{"seatbid":[{"seat":"a","bid":[]},{}]}'),
        ("in the wild: a byte order mark", b"\xef\xbb\xbf{}"),
        ("in the wild: UTF-16", '{"nbr":3}'.encode("utf-16")),
        ("in the wild: UTF-16 without a mark", '{"nbr":3}'.encode("utf-16-le")),
        ("2.9: unknown members", b'{"id":"req-1","ext":{"a":[1,{"b":null}]},"surprise":true}'),
    ],
)
def test_no_bid(clause: str, body: bytes) -> None:
    assert isinstance(read(body).result, NoFill), clause


Check = Callable[[Lease], object]
PAGE = "<html><body><canvas id=c></canvas><script>draw()</script></body></html>"
DATA = "data:image/png;base64,iVBORw0KGgo="


@pytest.mark.parametrize(
    ("clause", "changes", "see", "value"),
    [
        ("4.2.3 price as CPM, exact", {"price": 2.50}, lambda it: it.price, "2.5"),
        ("4.2.3 price as text", {"price": "2.50"}, lambda it: it.price, "2.5"),
        ("4.2.3 impid as a number", {"impid": 1}, lambda it: it.imp_id, "1"),
        ("7.9.6.2 a wrong impid of the one impression", {"impid": "102"}, lambda it: it.imp_id, "1"),
        ("4.2.3 impid left out", {"impid": None}, lambda it: it.imp_id, "1"),
        ("4.2.3 id as a number", {"id": 77}, lambda it: it.bid_id, "77"),
        ("4.2.3 adid stands in for crid", {"crid": None, "adid": "a-1"}, lambda it: it.creative_id, "a-1"),
        ("4.2.3 cid", {"cid": 5}, lambda it: it.campaign_id, "5"),
        ("4.2.3 dealid", {"dealid": "D-1"}, lambda it: it.deal_id, "D-1"),
        ("4.2.3 adomain as text", {"adomain": "brand.test"}, lambda it: it.advertiser_domain, "brand.test"),
        ("4.2.3 w and h as text", {"w": "970", "h": "250.0"}, lambda it: (it.width, it.height), (970, 250)),
        ("4.2.3 w and h of the markup", {"w": None, "h": None}, lambda it: (it.width, it.height), (300, 250)),
        ("4.2.3 exp", {"exp": "60"}, lambda it: it.expires_at - NOW, timedelta(seconds=60)),
        ("4.2.3 exp as a fraction", {"exp": 59.9}, lambda it: it.expires_at - NOW, timedelta(seconds=59)),
        ("4.2.3 exp is no longer than asked", {"exp": 86_400}, lambda it: it.expires_at - NOW, timedelta(seconds=900)),
        ("4.2.3 dur in seconds", {"dur": 15}, lambda it: it.duration_ms, 15_000),
        ("4.2.3 dur as a fraction", {"dur": "7.5"}, lambda it: it.duration_ms, 7_500),
        ("in the wild: dur in milliseconds", {"dur": 15_000}, lambda it: it.duration_ms, 15_000),
        ("in the wild: dur as a clock", {"dur": "00:00:10.5"}, lambda it: it.duration_ms, 10_500),
        ("4.2.3 dur left out: the slot's", {"dur": None}, lambda it: it.duration_ms, 8_000),
        ("4.3.2 adm: a picture", {}, lambda it: it.creative_url, "https://cdn.test/a.jpg?w=300&h=250"),
        ("4.3.2 adm: an address", {"adm": " //cdn.test/b.png\n"}, lambda it: it.creative_url, "https://cdn.test/b.png"),
        ("4.3.2 adm: a page", {"adm": PAGE}, lambda it: it.markup, PAGE),
        ("4.3.2 adm: a picture written out", {"adm": f"<img src='{DATA}'>"}, lambda it: DATA in str(it.markup), True),
        ("in the wild: adm is a data: URL", {"adm": DATA}, lambda it: it.markup, f'<img src="{DATA}" alt="">'),
        ("in the wild: iurl is a data: URL", {"adm": "<p></p>", "iurl": DATA}, lambda it: DATA in str(it.markup), True),
        ("4.3.2 adm: VAST", {"adm": "<VAST version='4.2'/>"}, lambda it: it.memo, "<VAST version='4.2'/>"),
        (
            "4.3.2 VAST behind a mark and a comment",
            {"adm": "\ufeff<?xml version='1.0'?><!-- a --><VAST/>"},
            lambda it: bool(it.memo),
            True,
        ),
        (
            "in the wild: VAST escaped",
            {"adm": "&lt;VAST version='3.0'/&gt;"},
            lambda it: it.memo,
            "<VAST version='3.0'/>",
        ),
        (
            "in the wild: a video's adm is its tag",
            {"adm": "https://v.test/tag?a=1&b=2", "mtype": 2},
            lambda it: "<VASTAdTagURI>https://v.test/tag?a=1&amp;b=2</VASTAdTagURI>" in str(it.memo),
            True,
        ),
        (
            "in the wild: a video's adm is its film",
            {"adm": "https://v.test/film.mp4?x", "mtype": 2},
            lambda it: (it.creative_url, it.memo),
            ("https://v.test/film.mp4?x", None),
        ),
        ("4.2.3 mtype that errs", {"mtype": 2}, lambda it: it.creative_url, "https://cdn.test/a.jpg?w=300&h=250"),
        (
            "4.2.3 iurl without markup",
            {"adm": None, "nurl": None, "iurl": "https://c.test/i.png"},
            lambda it: it.creative_url,
            "https://c.test/i.png",
        ),
        (
            "7.9.6.2 banner.img",
            {"adm": None, "nurl": None, "banner": {"img": "https://c.test/112.jpg"}},
            lambda it: it.creative_url,
            "https://c.test/112.jpg",
        ),
        ("4.2.3 nurl is no impression", {}, lambda it: [one.kind for one in it.on_won], ["win"]),
        (
            "4.2.3 burl after what was shown",
            {},
            lambda it: [one.kind for one in it.on_shown],
            ["impression", "billing"],
        ),
        (
            "7.9.6.2 a blank in a URL",
            {"burl": "https://d.test/b?i=1& bid=2"},
            lambda it: it.on_shown[-1].url,
            "https://d.test/b?i=1&%20bid=2",
        ),
        (
            "in the wild: about:blank",
            {"burl": "about:blank", "nurl": " ", "lurl": "x"},
            lambda it: (it.on_won, len(it.on_shown), it.on_released),
            ((), 1, ()),
        ),
        ("2.9: unknown members", {"ext": {"a": 1}, "surprise": [None]}, lambda it: it.bid_id, "bid-1"),
    ],
)
def test_a_bid_is_understood(clause: str, changes: dict[str, object], see: Check, value: object) -> None:
    assert see(lease(answer(bid(**changes)), mimes=(*MIMES, HTML))) == value, clause


B64 = base64.b64encode(b"2.5").decode()


@pytest.mark.parametrize(
    ("clause", "macro", "won", "shown", "released"),
    [
        ("4.4 AUCTION_ID", "${AUCTION_ID}", "req-1", "req-1", "req-1"),
        ("4.4 AUCTION_BID_ID: bidid", "${AUCTION_BID_ID}", "answer-7", "answer-7", "answer-7"),
        ("4.4 AUCTION_IMP_ID", "${AUCTION_IMP_ID}", "1", "1", "1"),
        ("4.4 AUCTION_SEAT_ID", "${AUCTION_SEAT_ID}", "seat-a", "seat-a", "seat-a"),
        ("4.4 AUCTION_AD_ID", "${AUCTION_AD_ID}", "ad-3", "ad-3", "ad-3"),
        ("4.4 AUCTION_PRICE", "${AUCTION_PRICE}", "2.5", "2.5", "2.5"),
        ("4.4 AUCTION_CURRENCY", "${AUCTION_CURRENCY}", "USD", "USD", "USD"),
        ("4.4 AUCTION_MBR", "${AUCTION_MBR}", "1", "1", "1"),
        ("4.4 AUCTION_LOSS", "${AUCTION_LOSS}", "0", "0", LOSS_CODE),
        ("4.4.1 AUCTION_MIN_TO_WIN: the floor", "${AUCTION_MIN_TO_WIN}", "1", "1", "1"),
        ("4.4 AUCTION_MULTIPLIER", "${AUCTION_MULTIPLIER}", "12.5", "12.5", "12.5"),
        ("4.4 AUCTION_IMP_TS", "${AUCTION_IMP_TS}", "", SHOWN_AT_MS, ""),
        ("4.4 :B64", "${AUCTION_PRICE:B64}", B64, B64, B64),
        ("4.4 :B64 of the time", "${AUCTION_IMP_TS:B64}", "", "${SHOWN_AT_MS:B64}", ""),
        ("4.4 :B64 of the loss", "${AUCTION_LOSS:B64}", "MA%3D%3D", "MA%3D%3D", "${LOSS_CODE:B64}"),
        ("4.4 the text's own spelling", "${AUCTION PRICE:B64}", B64, B64, B64),
        ("4.4 an algorithm not agreed on", "${AUCTION_PRICE:BF}", "", "", ""),
        ("4.4 unknown: removed", "${AUCTION_TOMORROW}", "", "", ""),
        ("in the wild: escaped", "%24%7BAUCTION_PRICE%7D", "2.5", "2.5", "2.5"),
        ("in the wild: escaped twice", "%2524%257BAUCTION_ID%257D", "req-1", "req-1", "req-1"),
        ("in the wild: small letters", "${auction_price}", "2.5", "2.5", "2.5"),
        ("4.4 another's macros are left", "[TIMESTAMP]", "[TIMESTAMP]", "[TIMESTAMP]", "[TIMESTAMP]"),
    ],
)
def test_macros_are_filled_in_everywhere(clause: str, macro: str, won: str, shown: str, released: str) -> None:
    url = f"https://d.test/?v={macro}"
    adm = f'<img src="https://c.test/a.png?v={macro}"><img width=1 height=1 src="{url}">'
    found = lease(answer(bid(adm=adm, adid="ad-3", nurl=url, burl=url, lurl=url), bidid="answer-7"))

    assert found.creative_url == f"https://c.test/a.png?v={won}", clause
    assert [one.url for one in found.on_won] == [f"https://d.test/?v={won}"], clause
    assert [one.url for one in found.on_shown] == [f"https://d.test/?v={shown}"] * 2, clause
    assert [one.url for one in found.on_released] == [f"https://d.test/?v={released}"], clause


@pytest.mark.parametrize(
    ("clause", "changes", "code", "loss"),
    [
        ("3: no price", {"price": None}, Code.EXCHANGE_INVALID, 9),
        ("3: a negative price", {"price": -1}, Code.EXCHANGE_INVALID, 9),
        ("100: below the floor", {"price": 0.5}, Code.EXCHANGE_INVALID, 100),
        ("101: below the deal's floor", {"dealid": "SPRING-7", "price": 4.4}, Code.EXCHANGE_INVALID, 101),
        ("4: a deal that was not offered", {"dealid": "other"}, Code.EXCHANGE_RULES, 4),
        ("7: no markup", {"adm": None, "nurl": None}, Code.EXCHANGE_NO_CREATIVE, 7),
        ("204: markup without a picture", {"adm": "<p>hello"}, Code.EXCHANGE_NO_CREATIVE, 204),
        ("204: native", {"adm": '{"native":{}}', "mtype": 4}, Code.EXCHANGE_NO_CREATIVE, 204),
        ("205: a blocked advertiser", {"adomain": ["RIVAL.example"]}, Code.EXCHANGE_RULES, 205),
        ("205: its subdomain", {"adomain": ["shop.rival.example"]}, Code.EXCHANGE_RULES, 205),
        ("205: as an address", {"adomain": ["https://www.rival.example/x?y"]}, Code.EXCHANGE_RULES, 205),
        ("205: the second of two", {"adomain": ["brand.test", "rival.example"]}, Code.EXCHANGE_RULES, 205),
        ("205: two in one text", {"adomain": "brand.test, rival.example"}, Code.EXCHANGE_RULES, 205),
        ("209: a blocked category", {"cat": ["IAB8-5"]}, Code.EXCHANGE_RULES, 209),
        ("209: under a blocked one", {"cat": ["IAB1", "iab23-4"]}, Code.EXCHANGE_RULES, 209),
        ("209: of another taxonomy", {"cat": ["211"], "cattax": 7}, Code.EXCHANGE_RULES, 209),
        ("209: of another edition of it", {"cat": [211], "cattax": 2}, Code.EXCHANGE_RULES, 209),
        ("210: a blocked attribute", {"attr": [6, 13]}, Code.EXCHANGE_RULES, 210),
        ("210: as text", {"attr": "13"}, Code.EXCHANGE_RULES, 210),
        ("211: sound alone", {"mtype": 3}, Code.EXCHANGE_RULES, 211),
        ("212: too long", {"dur": 31}, Code.EXCHANGE_RULES, 212),
        ("202: not approved", {"crid": "creative-8"}, Code.EXCHANGE_RULES, 202),
        ("8: no creative id to approve", {"crid": None}, Code.EXCHANGE_RULES, 8),
    ],
)
def test_a_refusal_has_the_standard_s_loss_code(clause: str, changes: dict[str, object], code: Code, loss: int) -> None:
    """OpenRTB 3.0, list "Loss Reason Codes"."""
    request = asked(1)
    rules = Rules.of(replace(ADS, approved_creatives=("creative-9",)))
    request = replace(
        request,
        deals=(("SPRING-7", Decimal("4.50")),),
        opportunity=replace(request.opportunity, rules=rules),
    )
    result = read_response(answer(bid(**changes)), request, FakeDesk()).result

    assert isinstance(result, RefusedError), clause
    assert result.code is code, clause
    told = [one.url for one in result.notices]
    assert told == [f"https://dsp.test/loss?why={loss}"], clause


@pytest.mark.parametrize(
    ("clause", "changes"),
    [
        ("4.2.3 a category beside the blocked one", {"cat": ["IAB8-6", "IAB8"]}),
        ("4.2.3 the same number of another taxonomy", {"cat": ["211"], "cattax": 3}),
        ("4.2.3 a domain that ends alike", {"adomain": ["notrival.example"]}),
        ("6.3.1 the attributes of the standard's example", {"attr": [1, 2, 3, 4, 5, 6, 7, 12]}),
        ("4.2.3 nothing said of it", {"adomain": None, "cat": None, "attr": None}),
        ("4.2.3 categories that are none", {"cat": [None, {}, "", 5.5], "attr": ["x", None], "cattax": "?"}),
    ],
)
def test_what_no_rule_forbids_is_taken(clause: str, changes: dict[str, object]) -> None:
    assert lease(answer(bid(**changes)), rules=Rules.of(ADS)).bid_id == "bid-1", clause


def test_only_deals_are_taken_in_a_private_auction() -> None:
    """3.2.11: private_auction 1, bids are restricted to the deals."""
    request = replace(asked(1), deals=(("D-1", Decimal(1)),), deals_only=True)
    assert isinstance(read_response(answer(bid()), request, FakeDesk()).result, RefusedError)
    assert isinstance(read_response(answer(bid(dealid="D-1")), request, FakeDesk()).result, Offered)


def test_the_best_price_wins_then_the_best_size() -> None:
    """4.2.2: several bids of one impression."""
    sizes = {"mrec": (300, 250), "hd": (1280, 720), "board": (728, 90), "full": (1920, 1080)}
    bids = [bid(id=name, price=3, w=w, h=h) for name, (w, h) in sizes.items()]
    assert lease(answer(*bids)).bid_id == "full"
    assert lease(answer(*bids, bid(id="dear", price=3.01, w=1, h=1))).bid_id == "dear"
    assert lease(answer(*bids[:3])).bid_id == "hd"


def test_losers_are_told_what_would_have_won_and_not_at_what_it_cleared() -> None:
    """4.4.1: the example of a first-price auction."""
    lurl = "https://d.test/?p=${AUCTION_PRICE}&m=${AUCTION_MIN_TO_WIN}&l=${AUCTION_LOSS}"
    nurl = lurl.replace("d.test", "w.test")
    bids = [bid(id=str(price), price=price, lurl=lurl, nurl=nurl) for price in ("1.00", "0.90", "0.80")]
    request = asked(1, floor="0.85")
    result = read_response(answer(*bids, bid(id="bad", price=None, lurl=lurl)), request, FakeDesk()).result

    assert isinstance(result, Offered)
    assert result.leases[0].on_won[0].url == "https://w.test/?p=1&m=0.9&l=0"
    assert [one.url for one in result.notices] == [
        "https://d.test/?p=&m=1&l=102",
        "https://d.test/?p=&m=&l=100",
        "https://d.test/?p=&m=&l=9",
    ]


def test_what_a_play_costs() -> None:
    """7.9.4: 2.50 CPM of 30.3 impressions is 0.07575."""
    assert cost("2.50", 30.3) == Decimal("0.07575")
    assert str(cost("0.1", 3)) == "0.0003"


WIN = "https://dsp.test/win?p=2.5"
PICTURE = '<img src="https://c.test/won.png" width=300 height=250>'


def test_markup_comes_with_the_win_notice() -> None:
    """4.3.1: the notice is called once, its answer is the markup, and it is no win told twice."""
    desk = FakeDesk({WIN: PICTURE})
    found = lease(answer(bid(adm=None)), desk)
    assert (found.creative_url, found.on_won, desk.won) == ("https://c.test/won.png", (), [WIN])


def test_markup_in_the_bid_comes_before_the_win_notice_s() -> None:
    """4.3.2: adm takes precedence; the notice is only a notice."""
    desk = FakeDesk({WIN: PICTURE})
    found = lease(answer(bid()), desk)
    assert (found.creative_url, len(found.on_won), desk.won) == ("https://cdn.test/a.jpg?w=300&h=250", 1, [])


def test_a_win_notice_without_markup_leaves_what_else_the_bid_names() -> None:
    """4.3.1: in the wild, many send ``nurl`` as a notice and the picture in ``iurl``."""
    desk = FakeDesk({WIN: ""})
    found = lease(answer(bid(adm=None, iurl="https://c.test/i.png")), desk)
    assert (found.creative_url, found.on_won) == ("https://c.test/i.png", ())


def test_a_win_notice_that_is_not_answered_is_called_later() -> None:
    """4.2.3: the win is told all the same."""
    found = lease(answer(bid(adm=None, iurl="https://c.test/i.png")), FakeDesk())
    assert [one.url for one in found.on_won] == [WIN]


def test_a_winner_that_forfeits_leaves_the_place_to_the_next() -> None:
    """4.3.3: a forfeit; at most two notices are called for one impression."""
    bids = [bid(id=f"b{price}", price=price, adm=None, nurl=f"https://dsp.test/w{price}") for price in (9, 8, 7)]
    desk = FakeDesk()
    result = read(answer(*bids, bid(id="plain", price=2)), desk=desk).result
    assert isinstance(result, Offered)
    assert result.leases[0].bid_id == "plain"
    assert desk.won == ["https://dsp.test/w9", "https://dsp.test/w8"]
    assert [refusal.bid_id for refusal in result.refused] == ["b9", "b8", "b7"]


def test_a_video_that_cannot_be_shown_leaves_the_place_to_the_next() -> None:
    desk = FakeDesk(video_error=OohError(Code.EXCHANGE_NO_CREATIVE, "VPAID"))
    found = lease(answer(bid(id="film", price=9, adm="<VAST/>"), bid(id="still")), desk)
    assert found.bid_id == "still"


@pytest.mark.parametrize(
    ("clause", "cur", "taken"),
    [
        ("4.2.1 cur", "USD", True),
        ("4.2.1 cur in small letters", "usd", True),
        ("4.2.1 cur left out: USD", None, True),
        ("in the wild: a list of one", ["USD"], True),
        ("4.2.1 another currency", "EUR", False),
        ("in the wild: two", ["USD", "EUR"], False),
    ],
)
def test_the_currency(clause: str, cur: object, taken: bool) -> None:
    assert isinstance(read(answer(bid(), cur=cur)).result, Offered) is taken, clause


def test_two_unknown_impressions_cannot_both_mean_ours() -> None:
    """4.2.3: impid is required; a guess is made only where there is nothing to guess."""
    result = read(answer(bid(impid="a"), bid(impid="b"))).result
    assert isinstance(result, OohError)
    assert result.code is Code.EXCHANGE_UNKNOWN_IMP
