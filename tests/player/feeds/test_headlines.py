"""RSS and Atom in every version, clean or broken: titles are plain text, dates are true or unknown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from config import Code, OohError
from player.feeds.headlines._rss import plain
from player.feeds.headlines._tame import tame
from player.fetch import HttpAnswer
from tests.fakes import FakeClock
from tests.player.feeds.sources import Source, one

URL = "https://www.news.test/rss"
FOX = "\U0001f98a"


def rss(*items: str, title: str = "Courier") -> str:
    rows = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{rows}</channel></rss>'


def read(body: str | bytes, content_type: str = "", **section: Any) -> dict[str, Any]:
    raw = body.encode() if isinstance(body, str) else body
    source = Source({"*": HttpAnswer(200, {"content-type": content_type}, raw)})
    found: dict[str, Any] = one("headlines", {"url": URL, **section}, source, FakeClock()).fetch().data
    return found


def titles(body: str | bytes, content_type: str = "") -> list[str]:
    return [item["title"] for item in read(body, content_type)["items"]]


VERSIONS = {
    "rss-0.90": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">'
    "<channel><title>Courier</title></channel><item><title>Hello</title></item></rdf:RDF>",
    "rss-0.91": '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
    '"http://my.netscape.com/publish/formats/rss-0.91.dtd">'
    '<rss version="0.91"><channel><title>Courier</title><item><title>Hello</title></item></channel></rss>',
    "rss-0.92": '<rss version="0.92"><channel><title>Courier</title><item><title>Hello</title></item></channel></rss>',
    "rss-1.0": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>Courier</title></channel>'
    '<item rdf:about="y"><title>Hello</title><dc:date>2026-11-22T10:00:00+01:00</dc:date></item></rdf:RDF>',
    "rss-2.0": rss("<title>Hello</title>"),
    "atom-0.3": '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Courier</title>'
    "<entry><title>Hello</title></entry></feed>",
    "atom-1.0": '<feed xmlns="http://www.w3.org/2005/Atom"><title type="text">Courier</title>'
    '<entry><title type="html">&lt;b&gt;Hello&lt;/b&gt;</title></entry></feed>',
    "prefixed": '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>Courier</a:title>'
    "<a:entry><a:title>Hello</a:title></a:entry></a:feed>",
}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version(version: str) -> None:
    data = read(VERSIONS[version])
    assert (data["title"], [item["title"] for item in data["items"]]) == ("Courier", ["Hello"])


def test_the_whole_snapshot() -> None:
    body = rss(
        "<title>Old</title><pubDate>Sun, 22 Nov 2026 09:00:00 GMT</pubDate>",
        '<title>New</title><pubDate>Sun, 22 Nov 2026 12:30:00 +0100</pubDate><source url="https://a.test">Agency</source>',
    )
    source = Source({"*": body.encode()})
    snapshot = one("headlines", {"url": URL}, source, FakeClock()).fetch()
    assert snapshot.attribution == "Courier"
    assert snapshot.data == {
        "title": "Courier",
        "items": [
            {"title": "New", "source": "Agency", "published_at": "2026-11-22T11:30:00.000Z"},
            {"title": "Old", "source": None, "published_at": "2026-11-22T09:00:00.000Z"},
        ],
    }


def test_the_configured_title_wins_and_the_host_stands_in() -> None:
    assert read(rss("<title>A</title>"), title="Local news")["title"] == "Local news"
    snapshot = one(
        "headlines", {"url": URL}, Source({"*": rss("<title>A</title>", title="").encode()}), FakeClock()
    ).fetch()
    assert (snapshot.data["title"], snapshot.attribution) == (None, "news.test")


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("Ben &amp; Jerry", "Ben & Jerry"),
        ("Ben &amp;amp; Jerry", "Ben & Jerry"),
        ("Ben & Jerry", "Ben & Jerry"),
        ("caf&eacute;&nbsp;au lait", "café au lait"),
        ("A &#8211; B &#x2014; C", "A – B — C"),
        ("<![CDATA[Bold <b>words</b> &amp; more]]>", "Bold words & more"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Fine", "Fine"),
        ("&lt;img src=x onerror=alert(1)&gt;Fine", "Fine"),
        ("5 &lt; 6 and 7 &gt; 6", "5 < 6 and 7 > 6"),
        ("Tab\tand\nline\r\nend", "Tab and line end"),
        ("Soft\u00adhyphen and\u200b zero", "Softhyphen and zero"),
        (
            f"Fox {FOX} \U0001f468\u200d\U0001f469\u200d\U0001f467",
            f"Fox {FOX} \U0001f468\u200d\U0001f469\u200d\U0001f467",
        ),
        ("خبر عاجل من المدينة", "خبر عاجل من المدينة"),
        ("नमस्ते दुनिया", "नमस्ते दुनिया"),
        ("&unknown; thing", "&unknown; thing"),
    ],
)
def test_titles_are_plain_text(markup: str, shown: str) -> None:
    assert titles(rss(f"<title>{markup}</title>")) == [shown]


def test_a_long_title_is_cut_at_a_word() -> None:
    (title,) = titles(rss(f"<title>{'many words ' * 60}</title>"))
    assert len(title) <= 200
    assert title.endswith(("words…", "many…"))
    (unbroken,) = titles(rss(f"<title>{'字' * 900}</title>"))
    assert len(unbroken) == 200


@pytest.mark.parametrize(
    ("dated", "expected"),
    [
        ("", None),
        ("<pubDate></pubDate>", None),
        ("<pubDate>yesterday</pubDate>", None),
        ("<pubDate>Sun, 22 Nov 2026 10:00:00 GMT</pubDate>", "2026-11-22T10:00:00.000Z"),
        ("<pubDate>Sun, 22 Nov 2026 05:00:00 EST</pubDate>", "2026-11-22T10:00:00.000Z"),
        ("<pubDate>22 Nov 2026 10:00 +0000</pubDate>", "2026-11-22T10:00:00.000Z"),
        ("<pubDate>2026-11-22T10:00:00Z</pubDate>", "2026-11-22T10:00:00.000Z"),
        ("<pubDate>Sun, 22 Nov 2026 12:09:00 GMT</pubDate>", "2026-11-22T12:09:00.000Z"),
        ("<pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate>", None),
        ("<pubDate>Fri, 31 Dec 9999 23:59:60 GMT</pubDate>", None),
        ("<pubDate>Sun, 22 Nov 2026 25:61:00 GMT</pubDate>", None),
    ],
)
def test_dates(dated: str, expected: str | None) -> None:
    assert read(rss(f"<title>A</title>{dated}"))["items"][0]["published_at"] == expected


def test_undated_stories_stay_below_the_one_above_them() -> None:
    def dated(title: str, hour: int) -> str:
        return f"<title>{title}</title><pubDate>Sun, 22 Nov 2026 {hour:02}:00:00 GMT</pubDate>"

    assert titles(rss("<title>top</title>", dated("old", 8), "<title>after old</title>", dated("new", 11))) == [
        "top",
        "new",
        "old",
        "after old",
    ]


def test_a_story_without_title_is_told_by_its_beginning_and_one_without_words_is_left_out() -> None:
    body = rss(f"<description>{'Something happened here. ' * 20}</description>", "<link>x</link>", "<title> </title>")
    (title,) = titles(body)
    assert title.startswith("Something happened here.")
    assert len(title) <= 140


def test_the_same_story_twice_is_shown_once() -> None:
    assert titles(rss("<title>Same</title>", "<title>SAME</title>", "<title>Other</title>")) == ["Same", "Other"]


def test_a_thousand_stories_are_cut() -> None:
    more = "".join(f"<entry><title>Story {n}</title></entry>" for n in range(1000))
    atom = VERSIONS["atom-1.0"].replace("</entry>", f"</entry>{more}")
    for body in (rss(*(f"<title>Story {n}</title>" for n in range(1000))), atom):
        assert len(titles(body)) == 30


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (rss("<title>Über Łódź</title>").encode("utf-8-sig"), ""),
        (rss("<title>Über Łódź</title>").replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16"), ""),
        (
            rss("<title>Über Łódź</title>").replace('"1.0"', '"1.0" encoding="iso-8859-2"').encode("iso-8859-2"),
            "text/xml",
        ),
        (rss("<title>Über Łódź</title>").encode("iso-8859-2"), "text/xml; charset=ISO-8859-2"),
        (rss("<title>Über Łódź</title>").encode(), "text/xml; charset=us-ascii"),
        (rss("<title>Über Łódź</title>").replace('"1.0"', '"1.0" encoding="nonsense"').encode(), ""),
        (b"\n\n  " + rss("<title>Über Łódź</title>").encode(), ""),
    ],
    ids=["bom", "utf16", "declared", "charset", "wrong-charset", "unknown", "blanks"],
)
def test_encodings(body: bytes, content_type: str) -> None:
    assert titles(body, content_type) == ["Über Łódź"]


def test_bytes_without_any_word_of_their_encoding_are_windows_1252() -> None:
    assert titles(rss("<title>Café “x”</title>").encode("cp1252")) == ["Café “x”"]


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE r [<!ENTITY x SYSTEM "http://169.254.169.254/">]>',
        '<!DOCTYPE r [<!ENTITY % p SYSTEM "http://x.test/p"> %p;]>',
        '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY x "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE r SYSTEM "http://x.test/dtd">',
    ],
)
def test_no_entity_is_expanded_and_nothing_else_is_read(doctype: str) -> None:
    body = rss("<title>Hello &x;</title>").replace("<rss", f"{doctype}<rss", 1)
    (title,) = titles(body)
    assert title in {"Hello &x;", "Hello"}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<!doctype html><html><title>Log in</title></html>",
        '{"items": []}',
        "<opml/>",
        "plain text",
        "\x00" * 50,
        "<" * 50_000,
        "<rss>" + "<a>" * 20_000,
        "<rss>" + "<a/>" * 40_000,
        "<rss><a " + 'b="c" ' * 2_000 + "/></rss>",
    ],
    ids=["empty", "html", "json", "opml", "text", "zeros", "lt", "deep", "many", "wide"],
)
def test_what_is_no_feed_is_invalid(body: str) -> None:
    with pytest.raises(OohError) as found:
        read(body)
    assert found.value.code is Code.FEED_INVALID


def test_a_feed_without_stories_is_a_good_answer() -> None:
    assert read(rss()) == {"title": "Courier", "items": []}


def test_a_feed_that_is_cut_shows_what_came() -> None:
    whole = rss("<title>One</title>", "<title>Two</title>", "<title>Three</title>")
    assert titles(whole[: whole.index("Three")])[:2] == ["One", "Two"]


def test_future_stories_are_measured_by_the_true_time() -> None:
    clock = FakeClock()
    clock.advance(timedelta(days=1).total_seconds())
    body = rss("<title>A</title><pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate>").encode()
    found = one("headlines", {"url": URL}, Source({"*": body}), clock).fetch().data
    assert found["items"][0]["published_at"] == "2026-11-23T10:00:00.000Z"


@pytest.mark.parametrize(
    ("found", "expected"), [(None, None), (3, None), ("", None), ("<b></b>", None), ("a<!-- b -->c", "a c")]
)
def test_plain(found: object, expected: str | None) -> None:
    assert plain(found, 80) == expected


def test_a_root_with_many_namespaces_stays_whole() -> None:
    spaces = " ".join(f'xmlns:n{number}="http://example.test/namespaces/{number}/"' for number in range(40))
    assert titles(rss("<title>Hello</title>").replace("<rss", f"<rss {spaces}")) == ["Hello"]
    assert "n39=" in tame(rss("<title>A</title>").replace("<rss", f"<rss {spaces}").encode()).decode()


def test_taming_keeps_cdata_and_entities_whole() -> None:
    long = "x" * 995 + "&amp;" + "y" * 5_000
    tamed = tame(
        rss(f"<title>A</title><description>{long}</description>", f"<title><![CDATA[{'z' * 4_000}]]></title>").encode()
    )
    assert b"&am<" not in tamed
    assert b"zz]]></title>" in tamed
    assert len(tamed) < 4_000
