"""What is taken, row by row with its clause (IAB VAST 4.2 unless another version is named), and what the lease says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config import Size
from player.exchange.vast._memo import read_memo
from tests.player.exchange.vast.documents import (
    NOW,
    SLOT,
    inline,
    lease_in,
    linear,
    media,
    offered,
    read,
    tracking,
    vast,
)

A, B, C = (f"https://cdn.test/{name}" for name in ("a.mp4", "b.mp4", "c.png"))


def body_of(files: str) -> str:
    return vast(inline(linear(files)))


VERSIONS = [
    ("VAST 2.0 §2.1 version", "2.0"),
    ("VAST 2.0 as servers write it", "2.0.1"),
    ("VAST 3.0 §2.2 version", "3.0"),
    ("§3.2 version 4.0", "4.0"),
    ("§3.2 version 4.1", "4.1"),
    ("§3.2 version 4.2", "4.2"),
    ("VAST 4.3 §3.2 version", "4.3"),
    ("§3.2 version left out, tolerated", ""),
]


@pytest.mark.parametrize(("clause", "version"), VERSIONS, ids=[row[0] for row in VERSIONS])
def test_versions_two_to_four_are_read(clause: str, version: str) -> None:
    assert lease_in(vast(inline(), version=version)).creative_url == A, clause


PLAIN = vast(inline())
ODD = "<VAST version='3.0'><Ad id='1'><InLine><Impression> https://i.test/a?x=1&y=2 </Impression><Creatives>"
ODD_END = (
    f"<Creative><Linear><Duration>00:00:15</Duration><MediaFiles>{media(A)}</MediaFiles></Linear></Creative>"
    "</Creatives></InLine></Ad></VAST>"
)
BODIES = [
    ("XML 1.0 §4.3.3 UTF-8 byte order mark", b"\xef\xbb\xbf" + PLAIN.encode()),
    ("XML 1.0 §4.3.3 UTF-16 little-endian with its mark", PLAIN.replace("UTF-8", "UTF-16").encode("utf-16")),
    ("XML 1.0 §4.3.3 UTF-16 big-endian with its mark", b"\xfe\xff" + PLAIN.encode("utf-16-be")),
    ("XML 1.0 App. F UTF-16 without a mark", PLAIN.encode("utf-16-le")),
    ("XML 1.0 App. F UTF-16 BE without a mark", PLAIN.encode("utf-16-be")),
    ("XML 1.0 §4.3.3 declared UTF-16, is UTF-8", PLAIN.replace("UTF-8", "utf-16").encode()),
    ("XML 1.0 §4.3.3 declared UTF-8, is Latin-1", PLAIN.replace("An ad", "Ménage").encode("latin-1")),
    (
        "XML 1.0 §4.3.3 declared Latin-1 and is",
        PLAIN.replace("UTF-8", "ISO-8859-1").replace("An", "É").encode("latin-1"),
    ),
    ("XML 1.0 §4.3.3 an encoding that is none", PLAIN.replace("UTF-8", "x-nonsense").encode()),
    ("XML 1.0 §2.8 blank lines before the declaration", b"\r\n\r\n  " + PLAIN.encode()),
    ("XML 1.0 §2.11 CRLF", PLAIN.replace("\n", "\r\n").replace("><", ">\r\n<").encode()),
    ("XML 1.0 §2.8 no declaration", PLAIN.partition("\n")[2].encode()),
    ("XML 1.0 §2.8 text after the document", PLAIN.encode() + b"\n<!-- served by 7 --> ok"),
    ("XML 1.0 §2.2 control characters", PLAIN.replace("An ad", "An\x0b\x00 ad").encode()),
    ("XML 1.0 §2.4 bare ampersands", (ODD + ODD_END).encode()),
    ("XML 1.0 §2.4 bare ampersands in attributes", PLAIN.replace('id="ad-1"', 'id="a&b"').encode()),
    ("XML 1.0 §4.1 references of HTML", PLAIN.replace("An ad", "A&nbsp;ad&copy;").encode()),
    ("XML 1.0 §2.7 CDATA never closed", PLAIN.replace("impression]]>", "impression").encode()),
    ("XML 1.0 §2.7 CDATA half closed", PLAIN.replace("impression]]>", "impression]]").encode()),
    (
        "XML 1.0 §2.7 CDATA in CDATA",
        PLAIN.replace("<![CDATA[https://in", "<![CDATA[<![CDATA[https://in")
        .replace("impression]]>", "impression]]>]]>")
        .encode(),
    ),
    (
        "XML 1.0 §2.7 CDATA misspelt",
        PLAIN.replace("<![CDATA[https://in.test/imp", "<! [cdata[https://in.test/imp").encode(),
    ),
    (
        "XML 1.0 §2.7 CDATA escaped",
        PLAIN.replace(
            "<![CDATA[https://in.test/impression]]>", "&lt;![CDATA[https://in.test/impression]]&gt;"
        ).encode(),
    ),
    (
        "XML 1.0 §2.7 blanks within CDATA",
        PLAIN.replace("[https://in.test/impression]", "[\n\t https://in.test/impression \n]").encode(),
    ),
    ("XML 1.0 §3.1 attributes without quotes", PLAIN.replace('id="ad-1"', "id=ad-1").encode()),
    ("XML 1.0 §3.1 an attribute twice", PLAIN.replace('id="ad-1"', 'id="ad-1" id="ad-2"').encode()),
    ("XML Names §6.2 VAST 4's namespace", PLAIN.replace("<VAST ", '<VAST xmlns="http://www.iab.com/VAST" ').encode()),
    (
        "XML Names §6.2 prefixes",
        PLAIN.replace("<VAST ", '<v:VAST xmlns:v="http://www.iab.com/VAST" ').replace("</VAST>", "</v:VAST>").encode(),
    ),
    (
        "XML Names §5 a prefix nobody declared",
        PLAIN.replace("<VAST ", "<v:VAST ").replace("</VAST>", "</v:VAST>").encode(),
    ),
    (
        "§3.2 schema attributes",
        PLAIN.replace(
            "<VAST ",
            '<VAST xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="vast.xsd" ',
        ).encode(),
    ),
    (
        "§3.4 element names in another case",
        PLAIN.replace("MediaFile", "Mediafile").replace("InLine", "Inline").encode(),
    ),
    ("the document escaped once more", PLAIN.partition("\n")[2].replace("<", "&lt;").replace(">", "&gt;").encode()),
]


@pytest.mark.parametrize(("clause", "body"), BODIES, ids=[row[0] for row in BODIES])
def test_bodies_as_servers_send_them(clause: str, body: bytes) -> None:
    lease = lease_in(body)
    assert lease.creative_url == A, clause
    assert lease.duration_ms == 15_000
    assert "impression" in (lease.memo or "") or "https://i.test/a?x=1&y=2" in (lease.memo or "")


FILES = [
    ("§3.9 the screen's size", media(B, w=640, h=360) + media(A), [A, B]),
    ("§3.9 the screen's shape before size", media(B, w=1080, h=1920) + media(A, w=1280, h=720), [A, B]),
    ("§3.9 enough pixels, not too many", media(B, w=3840, h=2160) + media(A), [A, B]),
    ("§3.9 pixels too many before as many too few", media(B, w=1440, h=810) + media(A, w=2560, h=1440), [A, B]),
    ("§3.9 past the decoder's budget last", media(B, w=7680, h=4320) + media(A, w=320, h=180), [A, B]),
    ("§3.9 bitrate past the budget last", media(B, bitrate=50_000) + media(A, bitrate=800), [A, B]),
    ("§3.9 of equals the better bitrate", media(B, bitrate=800) + media(A, bitrate=6000), [A, B]),
    ("§3.9 bitrate in bits", media(B, bitrate=1_000_000) + media(A, bitrate=6000), [A, B]),
    ("§3.9 maxBitrate", media(B, bitrate=0, maxBitrate=900) + media(A, maxBitrate=6000), [A, B]),
    ("§3.9 a film before a picture", media(C, "image/png") + media(A), [A, C]),
    ("§3.9 a picture alone", media(C, "image/png"), [C]),
    ("§3.9 image/jpg for image/jpeg", media("https://cdn.test/x", "image/jpg"), ["https://cdn.test/x"]),
    ("§3.9 no type, known by its ending", media(A, ""), [A]),
    ("§3.9 a type that lies, after those that do not", media(B, "application/octet-stream") + media(A), [A, B]),
    ("§3.9 streaming after progressive", media(B).replace("progressive", "streaming") + media(A, w=320, h=180), [A, B]),
    ("§3.9 type in capitals with codecs", media(A, "VIDEO/MP4; codecs=avc1"), [A]),
    (
        "§3.9 VPAID beside a film",
        media("https://cdn.test/v.js", "application/javascript", apiFramework="VPAID") + media(A),
        [A],
    ),
    ("§3.9 playlists passed over", media("https://cdn.test/l.m3u8", "application/x-mpegURL") + media(A), [A]),
    ("§3.9 DASH passed over", media("https://cdn.test/l.mpd", "application/dash+xml") + media(A), [A]),
    ("§3.9 Flash passed over", media("https://cdn.test/l.swf", "application/x-shockwave-flash") + media(A), [A]),
    ("§3.9 sound passed over", media("https://cdn.test/l.mp3", "audio/mpeg") + media(A), [A]),
    (
        "§3.9.2 Mezzanine never played",
        f'<Mezzanine type="video/mp4" width="1920" height="1080">{B}</Mezzanine>' + media(A),
        [A],
    ),
    (
        "§3.9.3 InteractiveCreativeFile beside a film",
        '<InteractiveCreativeFile apiFramework="SIMID">https://x.test/</InteractiveCreativeFile>' + media(A),
        [A],
    ),
    (
        "§3.9.4 ClosedCaptionFiles passed over",
        f"<ClosedCaptionFiles><ClosedCaptionFile>{B}</ClosedCaptionFile></ClosedCaptionFiles>" + media(A),
        [A],
    ),
    ("§3.9 sizes in px and as fractions", media(B, w="640px", h="360px") + media(A, w="1920.0", h="1080.0"), [A, B]),
    ("§3.9 sizes that are none", media(B, w="100%", h="auto") + media(A), [A, B]),
    ("§3.9 the same file twice", media(A) + media(A, w=640, h=360), [A]),
    ("RFC 3986 §4.2 without a scheme", media("//cdn.test/a.mp4"), [A]),
    ("RFC 3986 §5.1.3 relative to the document", media("/a.mp4"), ["https://tag.test/a.mp4"]),
    (
        "WHATWG URL §4.4 blanks around and inside",
        media(" \nhttps://cdn.test/a b.mp4\t "),
        ["https://cdn.test/a%20b.mp4"],
    ),
    ("§3.9 an empty one passed over", media("") + media("about:blank") + media(A), [A]),
]


@pytest.mark.parametrize(("clause", "files", "order"), FILES, ids=[row[0] for row in FILES])
def test_media_files_in_the_order_of_trying(clause: str, files: str, order: list[str]) -> None:
    lease = lease_in(body_of(files))
    assert [lease.creative_url, *lease.alternatives] == order, clause


def test_a_portrait_screen_wants_portrait_films() -> None:
    upright = replace(SLOT, screen=Size(1080, 1920))
    files = media(A) + media(B, w=608, h=1080)
    assert lease_in(body_of(files), slot=upright).creative_url == B


def test_at_most_six_are_tried() -> None:
    many = "".join(media(f"https://cdn.test/{number}.mp4") for number in range(20))
    assert len(lease_in(body_of(many)).alternatives) == 5


LENGTHS = [
    ("§3.8.1 HH:MM:SS", "00:00:15", 15_000),
    ("§3.8.1 HH:MM:SS.mmm", "00:00:07.500", 7_500),
    ("§3.8.1 minutes", "00:01:30", 90_000),
    ("§3.8.1 blanks around", " 00:00:15\n", 15_000),
    ("§3.8.1 MM:SS, tolerated", "00:15", 15_000),
    ("§3.8.1 bare seconds, tolerated", "15", 15_000),
    ("§3.8.1 milliseconds, tolerated", "15000", 15_000),
    ("§3.8.1 a comma, tolerated", "00:00:07,5", 7_500),
    ("§3.8.1 nothing: the slot's", "", 10_000),
    ("§3.8.1 zero: the slot's", "00:00:00", 10_000),
    ("§3.8.1 no time: the slot's", "fifteen", 10_000),
]


@pytest.mark.parametrize(("clause", "written", "ms"), LENGTHS, ids=[row[0] for row in LENGTHS])
def test_lengths(clause: str, written: str, ms: int) -> None:
    assert lease_in(vast(inline(linear(duration=written)))).duration_ms == ms, clause


@pytest.mark.parametrize(
    ("clause", "extra", "price", "currency"),
    [
        ("§3.4 Pricing, exact", '<Pricing model="CPM" currency="EUR"><![CDATA[25.10]]></Pricing>', "25.10", "EUR"),
        ("§3.4 Pricing model in lower case", '<Pricing model="cpm" currency="USD">0.5</Pricing>', "0.5", "USD"),
        ("§3.4 Pricing without a currency", '<Pricing model="CPM">3</Pricing>', "3", "USD"),
        ("§3.4 Pricing of clicks is no CPM", '<Pricing model="CPC" currency="USD">3</Pricing>', None, None),
        ("§3.4 Pricing that is none", '<Pricing model="CPM" currency="USD">much</Pricing>', None, None),
        ("§3.4 Pricing below zero", '<Pricing model="CPM" currency="USD">-1</Pricing>', None, None),
    ],
    ids=["exact", "lower", "no-currency", "clicks", "no-number", "negative"],
)
def test_prices(clause: str, extra: str, price: str | None, currency: str | None) -> None:
    lease = lease_in(vast(inline(extra=extra)))
    assert (lease.price, lease.currency) == (price, currency), clause


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("60", 60), ("86400", 900), ("0", 900), ("soon", 900), ("", 900)],
    ids=["sooner", "later", "zero", "none", "empty"],
)
def test_expires_ends_the_lease_sooner(written: str, seconds: int) -> None:
    """§3.4 Expires."""
    lease = lease_in(vast(inline(extra=f"<Expires>{written}</Expires>")))
    assert (lease.expires_at - NOW).total_seconds() == seconds


def test_who_it_is() -> None:
    """§3.3 Ad@id, §3.4 Advertiser, §3.7 Creative@adId."""
    lease = lease_in(vast(inline(extra="<Advertiser>brand.example</Advertiser>")))
    assert (lease.bid_id, lease.creative_id, lease.advertiser_domain) == ("ad-1", "cid-1", "brand.example")
    assert (lease.dialect, lease.exchange, lease.request_id) == ("vast", "acme", "req-1")


def test_a_universal_ad_id_names_the_creative_when_nothing_else_does() -> None:
    """§3.7.1 UniversalAdId, in 4.0's form (attribute) and in 4.1's (text)."""
    for written in (
        '<UniversalAdId idRegistry="ad-id.org" idValue="CNPA0484000H">CNPA0484000H</UniversalAdId>',
        '<UniversalAdId idRegistry="ad-id.org">CNPA0484000H</UniversalAdId>',
    ):
        creative = linear().replace(' id="cr-1" adId="cid-1"', "").replace("<Linear>", f"{written}<Linear>")
        assert lease_in(vast(inline(creative))).creative_id == "CNPA0484000H"


def test_skipping_is_for_hands() -> None:
    """§3.8 skipoffset: nobody can press a button on a screen in a station."""
    assert lease_in(vast(inline(linear(attributes=' skipoffset="00:00:05"')))).duration_ms == 15_000


def test_the_first_linear_that_can_be_shown() -> None:
    """§3.7 Creative@sequence and §3.6: several creatives in one ad."""
    program = linear(media("https://x.test/v.js", "application/javascript", apiFramework="VPAID"))
    body = vast(inline(program + linear(events=tracking("start"))))
    assert lease_in(body).creative_url == A


def test_what_was_right_stays_when_the_rest_is_mended() -> None:
    """XML 1.0 §4.6: the five references are XML's own."""
    lease = lease_in(ODD.replace("&y=2", "&y=2&amp;z=%26&#38;q=&quot;1&lt;") + ODD_END)
    memo = read_memo(lease.memo)
    assert memo is not None
    assert memo.impressions == ('https://i.test/a?x=1&y=2&z=%26&q="1<',)


def test_what_is_odd_is_told() -> None:
    reading = read(ODD + ODD_END)
    assert reading.reasons[0] == "the answer is not well-formed XML; it was mended"
    assert offered(PLAIN).refused == ()
