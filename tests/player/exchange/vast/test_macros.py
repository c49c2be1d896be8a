"""Macros, one row each with its place in the IAB's list "VAST 4.x Macros": filled, unknown, withheld or foreign."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from player.exchange.vast import vast_release, vast_shown
from player.exchange.vast._macros import KNOWN, LATER, Moment, fill, fill_now
from tests.player.exchange.vast.documents import (
    NOW,
    Net,
    asking,
    errors,
    inline,
    lease_in,
    linear,
    media,
    played,
    tracking,
    vast,
    wrapper,
)

REQUEST = [
    ("1 STOREID", "STOREID", "-1"),
    ("1 STOREURL", "STOREURL", "-1"),
    ("1 PLAYBACKMETHODS: begins by itself, without sound", "PLAYBACKMETHODS", "2"),
    ("1 CONTENTCAT", "CONTENTCAT", "-1"),
    ("1 GPPSTRING", "GPPSTRING", "-1"),
    ("1 GPPSECTIONID", "GPPSECTIONID", "-1"),
    ("1 DSAREQUIRED", "DSAREQUIRED", "-1"),
    ("1 DSAPARAMS", "DSAPARAMS", "-1"),
    ("1 DSAPUBRENDER", "DSAPUBRENDER", "-1"),
    ("2 TIMESTAMP", "TIMESTAMP", "2026-11-22T12:00:00.000+00:00"),
    ("3 CONTENTPLAYHEAD", "CONTENTPLAYHEAD", "-1"),
    ("3 MEDIAPLAYHEAD: there is no content", "MEDIAPLAYHEAD", "00:00:00.000"),
    ("3 BREAKPOSITION: standalone", "BREAKPOSITION", "4"),
    ("3 BLOCKEDADCATEGORIES", "BLOCKEDADCATEGORIES", "-1"),
    ("3 ADCATEGORIES", "ADCATEGORIES", "-1"),
    ("3 ADCOUNT", "ADCOUNT", "1"),
    ("3 TRANSACTIONID", "TRANSACTIONID", "req-1"),
    ("3 PLACEMENTTYPE", "PLACEMENTTYPE", "-1"),
    ("3 BREAKMINDURATION", "BREAKMINDURATION", "1"),
    ("3 BREAKMAXADS", "BREAKMAXADS", "1"),
    ("3 BREAKMINADLENGTH", "BREAKMINADLENGTH", "1"),
    ("4 IFA: the screen's id", "IFA", "screen-1"),
    ("4 IFATYPE", "IFATYPE", "ppid"),
    ("4 CLIENTUA", "CLIENTUA", "ooh-player/0.1.0"),
    ("4 SERVERUA", "SERVERUA", "-1"),
    ("4 DEVICEUA", "DEVICEUA", "ooh-player/0.1.0"),
    ("4 SERVERSIDE: the client itself", "SERVERSIDE", "0"),
    ("4 DEVICEIP: withheld", "DEVICEIP", "-2"),
    ("4 LATLONG", "LATLONG", "52.52,13.405"),
    ("5 DOMAIN", "DOMAIN", "owner.test"),
    ("5 PAGEURL", "PAGEURL", "-1"),
    ("5 APPBUNDLE", "APPBUNDLE", "-1"),
    ("6 VASTVERSIONS", "VASTVERSIONS", "2,3,5,6,7,8,11,12,13,14,15,16"),
    ("6 APIFRAMEWORKS", "APIFRAMEWORKS", "-1"),
    ("6 EXTENSIONS", "EXTENSIONS", "-1"),
    ("6 VERIFICATIONVENDORS", "VERIFICATIONVENDORS", "-1"),
    ("6 OMIDPARTNER", "OMIDPARTNER", "-1"),
    (
        "6 MEDIAMIME",
        "MEDIAMIME",
        "video/mp4,video/webm,video/quicktime,image/jpeg,image/png,image/webp,image/gif",
    ),
    ("6 PLAYERCAPABILITIES", "PLAYERCAPABILITIES", "mautoplay,fullscreen"),
    ("6 CLICKTYPE: not clickable", "CLICKTYPE", "0"),
    ("7 PLAYERSTATE", "PLAYERSTATE", "muted,fullscreen"),
    ("7 INVENTORYSTATE", "INVENTORYSTATE", "mautoplayed"),
    ("7 PLAYERSIZE", "PLAYERSIZE", "1920,1080"),
    ("7 CONTENTID", "CONTENTID", "-1"),
    ("7 CONTENTURI", "CONTENTURI", "-1"),
    ("8 CLICKPOS", "CLICKPOS", "-1"),
    ("9 ERRORCODE, where there is no error", "ERRORCODE", "-1"),
    ("10 REASON, where nothing was not executed", "REASON", "-1"),
    ("11 LIMITADTRACKING", "LIMITADTRACKING", "-1"),
    ("11 REGULATIONS", "REGULATIONS", "-1"),
    ("11 GDPRCONSENT", "GDPRCONSENT", "-1"),
]


def requested(url: str) -> str:
    """What a wrapper's address becomes."""
    net = Net()
    errors(vast(wrapper(url)), net)
    return net.asked[0]


@pytest.mark.parametrize(("clause", "name", "value"), REQUEST, ids=[row[0] for row in REQUEST])
def test_in_the_address_of_a_request(clause: str, name: str, value: str) -> None:
    found = requested(f"https://w.test/?x=[{name}]")
    assert unquote(found) == f"https://w.test/?x={value}", clause
    assert not set(found.partition("?x=")[2]) & set(",:+ []"), "percent-encoded"


AD = "<AdServingId>Server-47ed3bac</AdServingId><Impression>https://i.test/?x=[{}]</Impression>"
UNIVERSAL = '<UniversalAdId idRegistry="ad-id.org">CNPA0484000H</UniversalAdId>'
SHOWN = [
    ("2 TIMESTAMP: when it happened", "TIMESTAMP", "2026-11-22T12:01:00.000+00:00"),
    ("3 ADTYPE", "ADTYPE", "video"),
    ("3 UNIVERSALADID", "UNIVERSALADID", "ad-id.org CNPA0484000H"),
    ("3 ADCOUNT: of this answer", "ADCOUNT", "1"),
    ("3 CONTENTPLAYHEAD", "CONTENTPLAYHEAD", "00:00:00.000"),
    ("7 ADPLAYHEAD", "ADPLAYHEAD", "00:00:00.000"),
    ("7 ASSETURI", "ASSETURI", "https://cdn.test/a.mp4"),
    ("7 PODSEQUENCE", "PODSEQUENCE", "3"),
    ("7 ADSERVINGID", "ADSERVINGID", "Server-47ed3bac"),
    ("9 ERRORCODE", "ERRORCODE", "-1"),
    ("10 REASON", "REASON", "-1"),
]


@pytest.mark.parametrize(("clause", "name", "value"), SHOWN, ids=[row[0] for row in SHOWN])
def test_in_the_address_of_a_call(clause: str, name: str, value: str) -> None:
    creative = linear().replace("<Linear>", f"{UNIVERSAL}<Linear>")
    lease = lease_in(vast(inline(creative, extra=AD.format(name), ad='id="a" sequence="3"')))
    url = next(one.url for one in vast_shown(lease, played(lease)) if "i.test" in one.url)
    assert unquote(url) == f"https://i.test/?x={value}", clause


def test_the_whole_list_is_known() -> None:
    assert {name for _, name, _ in (*REQUEST, *SHOWN)} | {
        "CACHEBUSTING",
        "BREAKMAXDURATION",
        "BREAKMAXADLENGTH",
    } == KNOWN


FORMS = [
    ("as the list writes it", "[CACHEBUSTING]", r"\d{8}"),
    ("escaped", "%5BCACHEBUSTING%5D", r"\d{8}"),
    ("escaped in small letters", "%5bCACHEBUSTING%5d", r"\d{8}"),
    ("in small letters", "[cachebusting]", r"\d{8}"),
    ("an old name", "[CACHEBUSTER]", r"\d{8}"),
    ("an old name", "[RANDOM]", r"\d{8}"),
    ("twice in one address", "[CACHEBUSTING]-[CACHEBUSTING]", r"(\d{8})-\1"),
    ("foreign", "[MY_MACRO]", r"\[MY_MACRO\]"),
    ("another's", "%%CACHEBUSTER%%", r"%%CACHEBUSTER%%"),
    ("another's", "${AUCTION_PRICE}", r"\$\{AUCTION_PRICE\}"),
    ("another's", "{{random}}", r"\{\{random\}\}"),
    ("an array's index", "a[0]=1", r"a\[0\]=1"),
    ("an IPv6 host", "[2001:db8::1]", r"\[2001:db8::1\]"),
    ("never closed", "[CACHEBUSTING", r"\[CACHEBUSTING"),
]


@pytest.mark.parametrize(("clause", "written", "becomes"), FORMS, ids=[f"{row[0]} {row[1]}" for row in FORMS])
def test_forms(clause: str, written: str, becomes: str) -> None:
    assert re.fullmatch(becomes, fill_now(written, Moment("seed", at=NOW))), clause


def test_an_errors_code_and_time() -> None:
    """9 ERRORCODE, in every Error of the chain, be it escaped."""
    extra = "<Error>https://e.test/?a=%5BERRORCODE%5D&amp;b=[error_code]&amp;u=[ASSETURI]</Error>"
    lease = lease_in(vast(inline(extra=extra)))
    url = next(one.url for one in vast_release(lease, "fetch.timeout") if "e.test" in one.url)
    assert url == "https://e.test/?a=402&b=402&u=https%3A%2F%2Fcdn.test%2Fa.mp4"


def test_the_playhead_is_where_the_event_was() -> None:
    events = tracking("start", "midpoint", "complete").replace(
        "</Tracking>", "?h=[ADPLAYHEAD]&amp;t=[TIMESTAMP]</Tracking>"
    )
    lease = lease_in(vast(inline(linear(events=events))))
    heads = {one.kind: unquote(one.url).partition("?")[2] for one in vast_shown(lease, played(lease))}
    assert heads["start"] == "h=00:00:00.000&t=2026-11-22T12:01:00.000+00:00"
    assert heads["midpoint"] == "h=00:00:07.500&t=2026-11-22T12:01:07.500+00:00"
    assert heads["complete"] == "h=00:00:15.000&t=2026-11-22T12:01:15.000+00:00"


def test_random_numbers_differ_from_call_to_call_and_stay_for_one() -> None:
    calls = "".join(f"<Impression>https://i.test/{number}?[CACHEBUSTING]</Impression>" for number in range(30))
    lease = lease_in(vast(inline(extra=calls)))
    numbers = [one.url.partition("?")[2] for one in vast_shown(lease, played(lease)) if "i.test" in one.url]
    assert len(set(numbers)) == 30
    assert vast_shown(lease, played(lease)) == vast_shown(lease, played(lease))
    other = played(lease, id="play-2")
    assert vast_shown(lease, other) != vast_shown(lease, played(lease))


def test_media_addresses_have_macros_too() -> None:
    lease = lease_in(vast(inline(linear(media("https://cdn.test/a.mp4?cb=[CACHEBUSTING]&amp;s=[PLAYERSIZE]")))))
    assert re.fullmatch(r"https://cdn\.test/a\.mp4\?cb=\d{8}&amp;s=1920%2C1080", lease.creative_url)


def test_what_is_later_waits_and_nothing_else() -> None:
    whole = "".join(f"[{name}]" for name in sorted(KNOWN))
    waiting = fill(whole, asking().values, LATER)
    assert set(re.findall(r"\[([A-Z]+)\]", waiting)) == LATER
    assert "[" not in fill_now(waiting, Moment("seed", at=NOW + timedelta(seconds=1)))


@given(st.text(max_size=300), st.text(max_size=40))
def test_total(url: str, value: str) -> None:
    done = fill_now(url, Moment(value, asset=value))
    assert fill_now(done, Moment(value)) == fill(done, {}), "nothing that was put in is taken for a macro"
