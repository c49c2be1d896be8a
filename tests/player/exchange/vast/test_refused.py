"""What is not taken, row by row with its clause: the code that the Error URLs are told, and that all of them are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config import Code, OohError
from player.exchange import NoFill, Offered, RefusedError
from player.exchange._rules import Rules
from tests.player.exchange.vast.documents import (
    SLOT,
    Net,
    errors,
    inline,
    linear,
    media,
    offered,
    read,
    vast,
    wrapper,
)

NONLINEAR = "<Creative><NonLinearAds><NonLinear><StaticResource>https://x.test/o.png</StaticResource></NonLinear></NonLinearAds></Creative>"
COMPANION = "<Creative><CompanionAds{}><Companion width='300' height='250'><StaticResource>https://x.test/c.png</StaticResource></Companion></CompanionAds></Creative>"
VPAID = media("https://x.test/v.js", "application/javascript", apiFramework="VPAID")
SIMID = '<InteractiveCreativeFile type="text/html" apiFramework="SIMID">https://x.test/s.html</InteractiveCreativeFile>'

ADS = [
    ("§3.3 neither InLine nor Wrapper", '<Ad id="a"></Ad>', 101),
    ("§3.6 no creative", inline(""), 101),
    ("§3.12 NonLinear alone", inline(NONLINEAR), 201),
    ("§3.13 companions alone", inline(COMPANION.format("")), 600),
    ("§3.13 companions required: all", inline(linear() + COMPANION.format(' required="all"')), 602),
    ("§3.13 companions required: any", inline(linear() + COMPANION.format(' required="any"')), 602),
    ("§3.3 conditionalAd", inline(ad='id="ad-1" conditionalAd="true"'), 408),
    ("§3.3 adType audio", inline(ad='id="ad-1" adType="audio"'), 200),
    ("§3.9 VPAID alone", inline(linear(VPAID)), 901),
    (
        "§3.9 VPAID as Flash",
        inline(linear(media("https://x.test/v.swf", "application/x-shockwave-flash", apiFramework="VPAID"))),
        901,
    ),
    ("§3.9 VPAID that claims to be a film", inline(linear(media(apiFramework="VPAID"))), 901),
    ("§3.9.3 SIMID alone", inline(linear(SIMID)), 409),
    ("§3.9 no MediaFile", inline(linear("")), 403),
    ("§3.9 Mezzanine alone", inline(linear("<Mezzanine>https://x.test/m.mov</Mezzanine>")), 403),
    ("§3.9 types that are not shown", inline(linear(media("https://x.test/a.flv", "video/x-flv"))), 403),
    ("§3.9 playlists alone", inline(linear(media("https://x.test/a.m3u8", "application/x-mpegURL"))), 403),
    ("§3.9 sound alone", inline(linear(media("https://x.test/a.mp3", "audio/mpeg"))), 403),
    ("§3.9 MediaFile without an address", inline(linear(media(""))), 401),
    ("§3.9 MediaFile about:blank", inline(linear(media("about:blank"))), 401),
    ("§3.9 MediaFile with a bare word", inline(linear(media("a.mp4"))), 401),
    ("§3.9 MediaFile javascript:", inline(linear(media("javascript:alert(1)"))), 401),
    ("§3.9 MediaFile file:", inline(linear(media("file:///etc/passwd"))), 401),
    ("§3.8.1 longer than the slot allows", inline(linear(duration="01:30:00")), 202),
    ("§3.8.1 shorter than it allows", inline(linear(duration="00:00:00.200")), 202),
]


@pytest.mark.parametrize(("clause", "ad", "code"), ADS, ids=[row[0] for row in ADS])
def test_an_ad_that_is_refused_tells_why(clause: str, ad: str, code: int) -> None:
    result = read(vast(ad)).result
    assert isinstance(result, RefusedError), clause
    assert f"VAST {code}:" in result.detail
    wanted = [] if "<Error>" not in ad else [f"https://in.test/error?c={code}"]
    assert [notice.url for notice in result.notices] == wanted
    assert {notice.kind for notice in result.notices} <= {"error"}


@pytest.mark.parametrize(("clause", "ad", "code"), ADS, ids=[row[0] for row in ADS])
def test_its_whole_chain_is_told(clause: str, ad: str, code: int) -> None:
    """§2.3.6: the Error of every wrapper, outermost first, then the ad's own."""
    first = vast(wrapper("https://w1.test/", name="outer"))
    net = Net({"https://w1.test/": vast(wrapper("https://w2.test/", name="inner")), "https://w2.test/": vast(ad)})
    own = ["https://in.test/error"] if "<Error>" in ad else []
    told = [f"{url}?c={code}" for url in ["https://outer.test/error", "https://inner.test/error", *own]]
    assert errors(first, net) == told, clause


BODIES = [
    ("XML 1.0 §2.1 text", b"no ad today", 100),
    ("XML 1.0 §2.1 JSON", b'{"error": "nope"}', 100),
    ("XML 1.0 §2.1 cut off", vast(inline()).encode()[:300], 100),
    ("XML 1.0 §2.1 nothing but a declaration", b'<?xml version="1.0"?>', 100),
    ("XML 1.0 §2.8 a document type", b"<!DOCTYPE VAST><VAST version='3.0'></VAST>", 100),
    ("XML 1.0 §4.2 billion laughs", b'<!DOCTYPE v [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><VAST>&b;</VAST>', 100),
    ("XML 1.0 §4.2.2 external entity", b'<!DOCTYPE v [<!ENTITY x SYSTEM "file:///etc/passwd">]><VAST>&x;</VAST>', 100),
    ("XML 1.0 §2.8 external subset", b'<!DOCTYPE VAST SYSTEM "http://x.test/v.dtd"><VAST/>', 100),
    ("§3.2 a web page", b"<html><body>Sign in</body></html>", 101),
    ("VMAP 1.0", b'<vmap:VMAP xmlns:vmap="http://www.iab.net/videosuite/vmap" version="1.0"/>', 101),
    ("VAST 1.0", b"<VideoAdServingTemplate/>", 102),
    ("§3.2 version 1.0", b'<VAST version="1.0"><Ad/></VAST>', 102),
    ("§3.2 version 5.0", b'<VAST version="5.0"><Ad/></VAST>', 102),
]


@pytest.mark.parametrize(("clause", "body", "code"), BODIES, ids=[row[0] for row in BODIES])
def test_what_is_no_document(clause: str, body: bytes, code: int) -> None:
    result = read(body).result
    assert isinstance(result, OohError), clause
    assert (result.code, result.detail.partition(":")[0]) == (Code.EXCHANGE_INVALID, f"VAST {code}")


@pytest.mark.parametrize(("clause", "body", "code"), BODIES, ids=[row[0] for row in BODIES])
def test_a_wrapper_is_told_what_came_of_it(clause: str, body: bytes, code: int) -> None:
    net = Net({"https://w1.test/": body})
    assert errors(vast(wrapper("https://w1.test/")), net) == [f"https://wrap.test/error?c={code}"], clause


def test_no_ad_is_no_fill() -> None:
    """§2.3.6.4 No Ad Response."""
    result = read(vast()).result
    assert isinstance(result, NoFill)
    assert result.notices == ()


def test_no_ad_may_want_to_be_told() -> None:
    """§3.2.1 Error of the root."""
    root = "<Error><![CDATA[https://root.test/none?c=[ERRORCODE]&t=[TIMESTAMP]]]></Error>"
    assert errors(vast(extra=root)) == ["https://root.test/none?c=303&t=2026-11-22T12%3A00%3A00.000%2B00%3A00"]


def test_the_roots_error_is_for_no_ad_alone() -> None:
    root = "<Error>https://root.test/none</Error>"
    assert offered(vast(inline(), extra=root)).notices == ()
    assert errors(vast(inline(""), extra=root)) == ["https://in.test/error?c=101"]


@pytest.mark.parametrize(
    ("rules", "extra", "code"),
    [
        (Rules(domains=frozenset({"brand.test"})), "<Advertiser>www.brand.test</Advertiser>", 200),
        (Rules(categories=((1, "IAB8"),)), '<Category authority="iabtechlab.com">IAB8-5</Category>', 205),
        (Rules(categories=((2, "1002"),)), '<Category authority="iabtechlab.com">1002</Category>', 205),
        (Rules(approved=frozenset({"another"})), "", 200),
        (Rules(max_ms=10_000), "", 202),
    ],
    ids=["domain", "category-1", "category-2", "approval", "length"],
)
def test_the_operators_rules_hold(rules: Rules, extra: str, code: int) -> None:
    body = vast(inline(extra=extra))
    slot = replace(SLOT, rules=rules)
    assert errors(body, slot=slot) == [f"https://in.test/error?c={code}"]
    refused = read(body, slot=slot).result
    assert isinstance(refused, RefusedError)
    assert refused.code is Code.EXCHANGE_RULES
    assert isinstance(read(body).result, Offered)


@pytest.mark.parametrize(
    ("price", "floor", "taken"),
    [
        ('model="CPM" currency="USD">2.50', "2.50", True),
        ('model="CPM" currency="USD">2.49', "2.50", False),
        ('model="CPM" currency="EUR">9.00', "2.50", False),
        ('model="CPC" currency="USD">0.10', "2.50", True),
        ('model="CPM" currency="EUR">0.01', "0", True),
    ],
    ids=["at-the-floor", "under", "another-currency", "no-cpm", "no-floor"],
)
def test_the_floor_is_exact_and_money_is_never_converted(price: str, floor: str, taken: bool) -> None:
    result = read(vast(inline(extra=f"<Pricing {price}</Pricing>")), floor=floor).result
    assert isinstance(result, Offered) is taken


def test_an_ad_with_more_calls_than_a_journal_holds() -> None:
    calls = "".join(f"<Impression>https://t.test/{'x' * 2000}{number}</Impression>" for number in range(60))
    assert errors(vast(inline(extra=calls))) == ["https://in.test/error?c=900"]


def test_a_refused_ad_beside_a_good_one_is_told_and_listed() -> None:
    result = offered(vast(inline(linear(VPAID), ad='id="bad"'), inline()))
    assert [lease.bid_id for lease in result.leases] == ["ad-1"]
    assert [notice.url for notice in result.notices] == ["https://in.test/error?c=901"]
    assert [(one.bid_id, one.detail.partition(":")[0]) for one in result.refused] == [("bad", "VAST 901")]
