"""HTML in a bid: a page of its own, or a picture with its trackers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cache import Lease
from config import Size
from player.exchange import HTML, MIMES, Offered
from player.exchange.openrtb import skeleton
from player.exchange.openrtb._markup import read_markup
from player.exchange.openrtb._page import anonymous, page_in
from player.exchange.openrtb._response import read_response
from tests.player.exchange.openrtb.answers import FakeDesk, answer, asked, bid

PICTURE = '<img src="https://cdn.test/a.jpg" width=300 height=250>'
PIXEL = '<img src="https://t.test/p" width=1 height=1>'
SIZE = Size(300, 250)


def page(adm: str, wanted: Size | None = SIZE) -> str | None:
    return page_in(adm, read_markup(adm, wanted), wanted)


@pytest.mark.parametrize(
    "adm",
    [
        f"<style>p{{color:red}}</style>{PICTURE}",
        "<canvas></canvas><script>draw()</script>",
        "<svg viewBox='0 0 1 1'></svg>",
        '<script src="https://cdn.test/banner.js"></script>',
        '<iframe src="https://cdn.test/index.html" width=300 height=250></iframe>',
        '<link rel="stylesheet" href="https://cdn.test/a.css"><div></div>',
        f"<div>Only today<br>{PICTURE}</div>",
        '<img src="data:image/png;base64,AAAA" width=300 height=250>',
        f"<script>show()</script>{PICTURE.replace('300', '120')}",
        "&lt;canvas&gt;&lt;/canvas&gt;",
        "https://cdn.test/banner/index.html?x=1",
        " //cdn.test/Banner.ZIP\n",
    ],
)
def test_pages(adm: str) -> None:
    assert page(adm) is not None


@pytest.mark.parametrize(
    "adm",
    [
        PICTURE,
        f'<a href="https://b.test">{PICTURE}</a>{PIXEL}',
        f"<script>track()</script>{PICTURE}{PIXEL}",  # the picture is as large as the bid: the script only counts
        f'<!doctype html><html><head><title>Ad</title></head><body style="margin:0">{PICTURE}</body></html>',
        f'<iframe src="https://t.test/sync" width=1 height=1></iframe>{PICTURE}',
        f"<picture><source srcset=x>{PICTURE}</picture>",
        f"{PICTURE}<!-- a comment with words --> &nbsp;\n",
        f"<noscript>words{PIXEL}</noscript>{PICTURE}",
        "<p>text alone</p>",
        "<p>",
        "",
        '<VAST version="4.0"><Ad/></VAST>',
        "https://cdn.test/a.jpg",
        "https://cdn.test/creative?id=1",
        "<canvas>" * 40_000,
    ],
    ids=lambda adm: adm[:40],
)
def test_pictures_and_nothings(adm: str) -> None:
    assert page(adm) is None


def test_two_bids_for_one_page_have_the_same_markup() -> None:
    def markup(bid: str, price: str) -> str:
        adm = (
            f"<canvas></canvas><a href='https://x.test/?b={bid}&p=${{AUCTION_PRICE}}&t=${{AUCTION_IMP_TS}}'></a>{price}"
        )
        return anonymous(adm, [bid])

    assert markup("bid-1234567", "") == markup("bid-7654321", "")
    assert anonymous("abc", ["abc"]) == "abc", "a short id is not looked for: it is part of other words"


def test_the_skeleton_has_no_queries() -> None:
    one, two = ('<script src="https://x.test/a.js?cb=%s"></script>' % number for number in (1, 2))  # noqa: UP031
    assert skeleton(one) == skeleton(two) != skeleton(one.replace("a.js", "b.js"))


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", ["<", "<a ", "<!--", "<a href=", "<style", "a<b>", "<script>", "&lt;", "<iframe "])
def test_hostile_markup_takes_no_time(piece: str) -> None:
    adm = piece * (190_000 // len(piece))
    found = page(adm)
    assert found is None or isinstance(found, str)


@given(st.text(alphabet="<>!/=\"' imgscrptycanvahe:.&;#?", max_size=200))
def test_any_text_is_judged(adm: str) -> None:
    assert page(adm) is None or isinstance(page(adm), str)


def test_a_lease_has_the_page_only_where_pages_are_shown() -> None:
    adm = f"<style></style>{PICTURE}{PIXEL}"

    def lease(mimes: tuple[str, ...]) -> Lease:
        plain = asked()
        request = replace(plain, opportunity=replace(plain.opportunity, mimes=mimes))
        result = read_response(answer(bid(adm=adm)), request, FakeDesk()).result
        assert isinstance(result, Offered)
        return result.leases[0]

    with_pages, without = lease((*MIMES, HTML)), lease(MIMES)
    assert (with_pages.creative_url, with_pages.markup) == ("", adm)
    assert (without.creative_url, without.markup) == ("https://cdn.test/a.jpg", None)
    assert [beacon.url for beacon in with_pages.on_shown if beacon.kind == "impression"] == ["https://t.test/p"]
