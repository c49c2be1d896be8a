"""From a VAST body to the document's model."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from player.exchange.vast._codes import VastCode
from player.exchange.vast._model import Ad, Calls, Document, InLine, Linear, MediaFile, Pricing, Tracker, Wrapper
from player.exchange.vast._values import address, flag, length_ms, percent, pricing, whole
from player.exchange.vast._xml import Element, XmlError, read_xml

_MOST_ADS = 50
_MOST_URLS = 200
"""Calls of one kind in one document."""
_LONGEST_NAME = 512
_MAJORS = frozenset("234")
_EVENTS = {
    name.lower(): name
    for name in (
        *("loaded", "creativeView", "start", "firstQuartile", "midpoint", "thirdQuartile", "complete", "progress"),
        "notUsed",
    )
}
"""Events that happen on a screen without a public's hands and sound (VAST 4.2 §3.14.1); others never do."""


class ReadError(Exception):
    """A body that is no VAST document; ``code`` is what its wrappers are told."""

    def __init__(self, code: VastCode, detail: str) -> None:
        super().__init__(detail)
        self.code = code


def read_document(body: bytes | str, base: str | None = None) -> Document:
    """The document. ``base``: where it was found. Raises ``ReadError`` (100, 101, 102), and nothing else."""
    try:
        root, mended = read_xml(body)
    except XmlError as error:
        raise ReadError(VastCode.XML, str(error)) from error
    if root.name == "videoadservingtemplate":
        raise ReadError(VastCode.VERSION, "it is VAST 1")
    if root.name != "vast":
        raise ReadError(VastCode.SCHEMA, f"its root is {root.name[:40]!r}, not VAST")
    version = root.get("version")
    major = re.search(r"\d+", version)
    if major is not None and major[0] not in _MAJORS:
        raise ReadError(VastCode.VERSION, f"its version is {version[:20]!r}; 2 to 4 are understood")
    ads = tuple(_ad(element, base) for element in islice(root.all("ad"), _MOST_ADS))
    return Document(version, ads, _urls(root.all("error"), base), mended)


def _ad(element: Element, base: str | None) -> Ad:
    inline, wrapper = element.first("inline"), element.first("wrapper")
    part: InLine | Wrapper | None = None
    if inline is not None:
        part = _inline(inline, base)
    elif wrapper is not None:
        part = _wrapper(wrapper, base)
    kind = element.get("adtype").lower()
    return Ad(
        ad_id=_name(element.get("id")),
        sequence=whole(element.get("sequence")) or None,
        conditional=flag(element.get("conditionalad"), otherwise=False),
        kind=kind if kind in {"audio", "hybrid"} else "video",
        part=part,
    )


def _inline(element: Element, base: str | None) -> InLine:
    creatives = element.every("creatives", "creative")
    companions = [ads for creative in creatives for ads in creative.all("companionads")]
    serving_id = element.says("adservingid")
    return InLine(
        calls=_calls(element, base, ()),
        title=_name(element.says("adtitle")),
        advertiser=_name(element.says("advertiser")),
        categories=tuple(one.text[:100] for one in islice(element.all("category"), 50) if one.text),
        pricing=_pricing(element),
        expires_s=whole(element.says("expires")) or None,
        serving_id=_name(serving_id),
        linears=tuple(
            _linear(creative, linear, base) for creative in creatives[:_MOST_ADS] for linear in creative.all("linear")
        ),
        has_nonlinear=any(creative.first("nonlinearads") is not None for creative in creatives),
        has_companions=any(one.first("companion") is not None for one in companions),
        companions_required=any(
            one.get("required").lower() in {"all", "any"} and one.first("companion") is not None for one in companions
        ),
    )


def _wrapper(element: Element, base: str | None) -> Wrapper:
    uri = element.says("vastadtaguri") or element.says("vastadtagurl")
    fallback = element.get("fallbackonnoad")
    blocked = [one.text for one in element.every("blockedadcategories") if one.text]
    linears = element.every("creatives", "creative", "linear")
    return Wrapper(
        calls=_calls(element, base, linears),
        uri=address(uri, base),
        uri_as_written=uri,
        follow=flag(element.get("followadditionalwrappers"), otherwise=True),
        multiple=flag(element.get("allowmultipleads"), otherwise=False),
        fallback=flag(fallback, otherwise=False) if fallback else None,
        blocked=tuple(code for one in blocked[:20] for code in re.split(r"[\s,;]+", one[:1000]) if code),
        pricing=_pricing(element),
    )


def _calls(element: Element, base: str | None, linears: Iterable[Element]) -> Calls:
    verifications = element.every("adverifications", "verification")
    # VAST 2 and 3 carry them in an extension (IAB Open Measurement, "VAST 2.0 and 3.0").
    verifications += element.every("extensions", "extension", "adverifications", "verification")
    views = element.every("viewableimpression") + [
        view for one in verifications for view in one.all("viewableimpression")
    ]
    reports = (report for one in verifications for report in one.every("trackingevents", "tracking"))
    return Calls(
        errors=_urls(element.all("error"), base),
        impressions=_urls(element.all("impression"), base),
        trackers=tuple(tracker for linear in linears for tracker in _trackers(linear, base))[:_MOST_URLS],
        viewable=_urls((one for view in views for one in view.all("viewable")), base),
        not_viewable=_urls((one for view in views for one in view.all("notviewable")), base),
        undetermined=_urls((one for view in views for one in view.all("viewundetermined")), base),
        not_executed=_urls((one for one in reports if one.get("event").lower() == "verificationnotexecuted"), base),
    )


def _linear(creative: Element, linear: Element, base: str | None) -> Linear:
    files = linear.every("mediafiles", "mediafile")
    described = (_file(one, base) for one in files[:_MOST_URLS])
    ids = (creative.get("adid"), creative.get("id"))
    universal = [
        (one.get("idregistry") or "unknown", one.get("idvalue") or one.text) for one in creative.all("universaladid")
    ]
    known = [(registry, value) for registry, value in universal if value and value.lower() != "unknown"]
    return Linear(
        creative_id=next((name for one in (*ids, *(value for _, value in known)) if (name := _name(one))), None),
        universal_ids=tuple(f"{registry[:100]} {value[:200]}" for registry, value in known[:10]),
        duration_ms=length_ms(linear.says("duration")) or None,
        files=tuple(file for file in described if file is not None),
        named_files=len(files),
        interactive=bool(linear.every("mediafiles", "interactivecreativefile")),
        trackers=_trackers(linear, base),
    )


def _file(element: Element, base: str | None) -> MediaFile | None:
    url = address(element.text, base)
    if url is None:
        return None
    kbps = whole(element.get("bitrate")) or whole(element.get("maxbitrate"))
    return MediaFile(
        url=url,
        mime=element.get("type").partition(";")[0].strip().lower(),
        streamed=element.get("delivery").lower() == "streaming",
        width=whole(element.get("width")),
        height=whole(element.get("height")),
        kbps=kbps // 1000 if kbps >= 200_000 else kbps,  # so many are bits: no screen plays 200 Mbit/s
        framework=element.get("apiframework").lower(),
    )


def _trackers(linear: Element, base: str | None) -> tuple[Tracker, ...]:
    found = []
    for one in islice(linear.every("trackingevents", "tracking"), _MOST_URLS):
        event, url = _EVENTS.get(one.get("event").lower()), address(one.text, base)
        if event is None or url is None:
            continue
        offset = one.get("offset")
        at_percent = percent(offset)
        at_ms = None if at_percent is not None or not offset else length_ms(offset)
        if event != "progress" or at_ms is not None or at_percent is not None:
            found.append(Tracker(event, url, at_ms, at_percent))
    return tuple(found)


def _pricing(element: Element) -> Pricing | None:
    found = element.first("pricing")
    return None if found is None else pricing(found.text, found.get("model"), found.get("currency"))


def _urls(elements: Iterable[Element], base: str | None) -> tuple[str, ...]:
    """Their addresses; what is empty, ``about:blank`` or no address at all is left out."""
    return tuple(url for one in islice(elements, _MOST_URLS) if (url := address(one.text, base)) is not None)


def _name(written: str) -> str | None:
    text = " ".join(written.split())
    return text if 0 < len(text) <= _LONGEST_NAME else None
