"""No body of any answer crashes the agent, hangs it, or takes over 100 MB."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config import OohError
from player.exchange import NoFill, Offered
from player.exchange.vast import VastReading, vast_release, vast_shown
from player.exchange.vast._macros import LATER
from player.fetch import HttpAnswer
from tests.player.exchange.vast.documents import (
    Net,
    inline,
    linear,
    media,
    played,
    read,
    tracking,
    vast,
    wrapper,
)

_WHOLE = vast(
    wrapper("https://w.test/[CACHEBUSTING]", attributes=' allowMultipleAds="1"'),
    inline(
        linear(media() + media("/b.png", "image/png"), events=tracking("start", "midpoint", "complete", "notUsed")),
        extra="<Pricing model='CPM' currency='USD'>2.5</Pricing><Expires>60</Expires><Category>IAB1</Category>"
        "<AdVerifications><Verification><TrackingEvents><Tracking event='verificationNotExecuted'>https://v.test/"
        "</Tracking></TrackingEvents></Verification></AdVerifications>",
    ),
    inline(ad='id="p" sequence="2"'),
).encode()


class Same(Net):
    """Answers everything with one body."""

    body: bytes = b""

    def __call__(self, url: str) -> HttpAnswer:
        self.asked.append(url)
        return HttpAnswer(200, {}, self.body, url)


def judged(body: bytes | str) -> VastReading:
    """Read it, also as what its wrappers lead to; hold what every reading must have."""
    net = Same()
    net.body = body if isinstance(body, bytes) else body.encode("utf-8", "replace")
    reading = read(body, net)
    assert len(net.asked) <= 25
    assert isinstance(reading.result, Offered | NoFill | OohError)
    for lease in getattr(reading.result, "leases", ()):
        assert lease.creative_url.startswith(("http://", "https://"))
        assert len(lease.memo) <= 65_536
        assert 1_000 <= lease.duration_ms <= 600_000
        assert lease.not_before < lease.expires_at
        for beacon in (*vast_shown(lease, played(lease)), *vast_release(lease, "creative.corrupt")):
            assert beacon.url.startswith(("http://", "https://"))
            assert not any(f"[{name}]" in beacon.url for name in LATER)
    for notice in getattr(reading.result, "notices", ()):
        assert notice.url.startswith(("http://", "https://"))
    return reading


@settings(max_examples=150)
@given(st.binary(max_size=600))
def test_any_bytes(body: bytes) -> None:
    judged(body)


@settings(max_examples=150)
@given(st.text(max_size=600))
def test_any_text(body: str) -> None:
    judged(body)
    judged(f"<VAST version='3.0'>{body}</VAST>")
    judged(f"<VAST version='3.0'><Ad><InLine><Impression>{body}</Impression></InLine></Ad></VAST>")


@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_mutants_of_a_whole_document(data: st.DataObject) -> None:
    body = bytearray(_WHOLE)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(body)))
        kind = data.draw(st.sampled_from(["cut", "put", "twice", "flip"]))
        until = min(len(body), at + data.draw(st.integers(0, 200)))
        if kind == "cut":
            del body[at:until]
        elif kind == "put":
            body[at:at] = data.draw(
                st.sampled_from([b"<![CDATA[", b"]]>", b"<!--", b"&", b"<", b">", b'"', b"\0", b"\xff", b"[ERRORCODE]"])
            )
        elif kind == "twice":
            body[at:at] = body[at:until]
        elif at < len(body):
            body[at] = data.draw(st.integers(0, 255))
    judged(bytes(body))


_NAMES = st.sampled_from(
    [
        *("Ad", "InLine", "Wrapper", "Creatives", "Creative", "Linear", "MediaFiles", "MediaFile", "Duration", "Error"),
        *("Impression", "TrackingEvents", "Tracking", "VASTAdTagURI", "Pricing", "Expires", "NonLinearAds"),
        *("CompanionAds", "Companion", "AdVerifications", "Verification", "ViewableImpression", "Viewable"),
        *("UniversalAdId", "Category", "BlockedAdCategories", "Extensions", "Extension", "Mezzanine"),
    ]
)
_VALUES = st.sampled_from(
    [
        *("", "true", "0", "-1", "1e999", "99999999999999999999", "00:00:15", "99:99:99", "NaN", "100%", "video/mp4"),
        *("https://x.test/a.mp4?[TIMESTAMP]", "//x.test", "/a", "https://[", "about:blank", "http://[::1]:99999/"),
        *("start", "progress", "CPM", "VPAID", "IAB1-1", "\ud7ff\U0001f600", "https://x.test/%zz%5BREASON%5D"),
    ]
)


@st.composite
def _elements(draw: st.DrawFn, depth: int = 0) -> str:
    name = draw(_NAMES)
    keys = st.sampled_from(["id", "sequence", "type", "width", "height", "event", "offset", "model", "required"])
    attributes = "".join(f' {key}="{draw(_VALUES)}"' for key in sorted(draw(st.sets(keys, max_size=4))))
    inside = "".join(draw(st.lists(_elements(depth + 1), max_size=3))) if depth < 5 else ""
    return f"<{name}{attributes}>{draw(_VALUES)}{inside}</{name}>"


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(_elements(), max_size=5))
def test_any_elements_in_any_order(ads: list[str]) -> None:
    judged(vast(*ads))


_TEN_MB = 10_000_000
HOSTILE = [
    ("nesting, 10 MB", lambda: b"<VAST>" + b"<a>" * (_TEN_MB // 3)),
    ("nesting, as long as is read", lambda: b"<VAST>" + b"<a>" * 600_000),
    ("siblings", lambda: b"<VAST>" + b"<Ad/>" * 390_000 + b"</VAST>"),
    ("attributes", lambda: b"<VAST " + b" ".join(b'a%d="x"' % at for at in range(150_000)) + b"/>"),
    ("one long attribute", lambda: b'<VAST a="' + b"&amp;" * 390_000 + b'"/>'),
    ("one long text", lambda: b"<VAST><Error>" + b"x" * 1_990_000 + b"</Error></VAST>"),
    ("references", lambda: b"<VAST><Error>" + b"&#65;" * 390_000 + b"</Error></VAST>"),
    ("ampersands to mend", lambda: b"<VAST><Error>" + b"&" * 490_000 + b"</Error></VAST>"),
    ("open CDATA to mend", lambda: b"<VAST>&" + b"<![CDATA[" * 54_000 + b"</VAST>"),
    ("half CDATA to mend", lambda: b"<VAST>&" + b"<![CDATA[</a>" * 38_000 + b"]]></VAST>"),
    ("tags to mend", lambda: b"<VAST>&" + b"<a " * 160_000 + b"</VAST>"),
    ("quotes to mend", lambda: b"<VAST>&" + b'<a b="' * 80_000 + b"</VAST>"),
    ("comments to mend", lambda: b"<VAST>&" + b"<!--" * 120_000 + b"</VAST>"),
    ("billion laughs", lambda: _laughs(9)),
    ("quadratic blow-up", lambda: b'<!DOCTYPE v [<!ENTITY a "' + b"x" * 50_000 + b'">]><VAST>' + b"&a;" * 50_000),
    ("external entities", lambda: b'<!DOCTYPE v [<!ENTITY a SYSTEM "file:///dev/zero">]><VAST>&a;</VAST>'),
    ("a UTF-16 that is none", lambda: b"\xff\xfe" + b"<\xd8" * 900_000),
    ("ads by the thousand", lambda: vast(*[inline(ad=f'id="{at}" sequence="{at}"') for at in range(3_000)]).encode()),
    ("media files by the thousand", lambda: vast(inline(linear(media() * 9_000))).encode()),
    ("calls by the thousand", lambda: vast(inline(extra="<Impression>https://x.test/</Impression>" * 18_000)).encode()),
    ("wrappers by the thousand", lambda: vast(*[wrapper(f"https://x.test/{at}") for at in range(600)]).encode()),
    ("brackets", lambda: vast(inline(extra="<Impression>https://x.test/" + "[" * 8_000 + "</Impression>")).encode()),
]


def _laughs(deep: int) -> bytes:
    entities = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, deep))
    return f'<!DOCTYPE v [<!ENTITY l0 "ha">{entities}]><VAST>&l{deep - 1};</VAST>'.encode()


@pytest.mark.parametrize(("name", "make"), HOSTILE, ids=[row[0] for row in HOSTILE])
def test_hostile_bodies_cost_little(name: str, make: object) -> None:
    body = make()  # type: ignore[operator]
    tracemalloc.start()
    began_s = time.process_time()
    try:
        judged(body)
        seconds = time.process_time() - began_s
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 60_000_000, name
    # Traced memory makes Python several times slower; the agent's own limit is its answer's time, 5 s.
    assert seconds < 20, name
