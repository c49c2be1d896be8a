"""VAST documents as ad servers write them: by templates, for versions 2.0 to 4.2, good ones and odd ones."""

from __future__ import annotations

from sandbox.vast._plan import Plan, PlannedAd

_VERSIONS = {"inline": "2.0", "wrapped": "3.0", "film": "4.2", "pod": "4.1", "chain": "4.0", "buffet": "3.0"}
_MOMENTS = ("creativeView", "start", "complete")
_QUARTILES = ("firstQuartile", "midpoint", "thirdQuartile")
_VIEWS = ("Viewable", "NotViewable", "ViewUndetermined")


def answer(plan: Plan, base: str, slot_ms: int, hop: int = 0) -> bytes:
    """The document at ``hop`` of the answer's chain: 0 is the tag's own; the last holds the ads."""
    wrapped = hop < plan.wrappers or plan.shape == "loop"
    inside = _wrapper(plan, base, hop) if wrapped else "".join(_ads(plan, base, slot_ms))
    version = _VERSIONS.get(plan.shape, "3.0")
    space = ' xmlns="http://www.iab.com/VAST"' if version.startswith("4") else ""
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<VAST version="{version}"{space}>\n{inside}</VAST>\n'
    if plan.shape == "cut":
        text = _filled(text, base, slot_ms, plan)
    if plan.shape != "odd":
        return text.encode()
    # As it comes from real servers: a mark, blank lines before the declaration, CRLF, an ampersand as it is typed.
    return b"\xef\xbb\xbf\r\n" + text.replace("&amp;", "&").replace("\n", "\r\n").encode()


def no_ad(base: str, number: int, flavour: str) -> bytes:
    """The ways in which ad servers say that they have nothing; with ``nbr``, one that wants to be told so."""
    error = ""
    if flavour == "nbr":
        error = f"<Error>{_data(f'{base}/vast/none?number={number}&code=[ERRORCODE]')}</Error>"
    return f'<VAST version="3.0">{error}</VAST>'.encode()


def _filled(text: str, base: str, slot_ms: int, plan: Plan) -> str:
    """A document that was cut off in the middle."""
    return text.replace("</VAST>\n", f'<Ad id="cut"><InLine><Impression>{base}/{plan.number}/{slot_ms}')


def _wrapper(plan: Plan, base: str, hop: int) -> str:
    onward = f"{base}/vast/hop/{plan.number}/{hop if plan.shape == 'loop' else hop + 1}"
    ad = plan.ads[0]
    macros = "?size=[PLAYERSIZE]&cb=[CACHEBUSTING]" if plan.shape != "loop" else ""
    return (
        f'<Ad id="{ad.id}-w{hop}"><Wrapper followAdditionalWrappers="1"><AdSystem>sandbox</AdSystem>'
        f"<VASTAdTagURI>{_data(onward + macros)}</VASTAdTagURI>{_calls(ad, base, hop)}"
        f"<Creatives><Creative><Linear>{_events(ad, base, hop)}</Linear></Creative></Creatives></Wrapper></Ad>\n"
    )


def _ads(plan: Plan, base: str, slot_ms: int) -> list[str]:
    written = [_ad(plan, ad, base, slot_ms) for ad in plan.ads]
    return written[::-1] if plan.shape == "pod" else written  # the order is the sequence's, not the document's


def _ad(plan: Plan, ad: PlannedAd, base: str, slot_ms: int) -> str:
    at = ad.nodes - 1
    sequence = f' sequence="{ad.sequence}"' if ad.sequence else ""
    pricing = f'<Pricing model="cpm" currency="USD">{ad.creative.price}</Pricing>'
    empty = "<Impression></Impression><Impression>about:blank</Impression>" if plan.shape == "odd" else ""
    universal = f'<UniversalAdId idRegistry="sandbox.example">{ad.creative.file}</UniversalAdId>' if ad.film else ""
    verification = ""
    if ad.film:
        call = _url(base, "verificationNotExecuted", ad, at, "&reason=[REASON]")
        verification = (
            '<AdVerifications><Verification vendor="sandbox.example-omid"><TrackingEvents>'
            f'<Tracking event="verificationNotExecuted">{_data(call)}</Tracking>'
            "</TrackingEvents></Verification></AdVerifications>"
        )
    return (
        f'<Ad id="{ad.id}"{sequence}><InLine><AdSystem version="1">sandbox</AdSystem>'
        f"<AdTitle>{ad.creative.brand}</AdTitle><Advertiser>{ad.creative.domain}</Advertiser>{pricing}"
        f"{empty}{_calls(ad, base, at)}{verification}<Creatives>"
        f'<Creative id="{ad.creative.campaign}" adId="{_name(ad)}">{universal}'
        f"<Linear><Duration>{_clock(slot_ms)}</Duration>"
        f"{_events(ad, base, at)}<MediaFiles>{_files(ad, base)}</MediaFiles></Linear></Creative></Creatives>"
        "</InLine></Ad>\n"
    )


def _name(ad: PlannedAd) -> str:
    return "sandbox-film" if ad.film else ad.creative.file


def _files(ad: PlannedAd, base: str) -> str:
    creative = ad.creative
    if ad.code is not None:
        script = f"{base}/vast/vpaid.js"
        return (
            f'<MediaFile delivery="progressive" type="application/javascript" apiFramework="VPAID">{script}</MediaFile>'
        )
    if ad.film:  # the first description lies: there is nothing; the playlist is not for players like this
        size = 'width="1920" height="1080"'
        return (
            f'<MediaFile delivery="progressive" type="video/mp4" {size} bitrate="8000">{base}/vast/gone.mp4</MediaFile>'
            f'<MediaFile delivery="streaming" type="application/x-mpegURL" {size}>{base}/vast/film.m3u8</MediaFile>'
            f'<MediaFile delivery="progressive" type="video/mp4" width="960" height="540" bitrate="1500">'
            f"{_data(f' {base}/vast/film.mp4 ')}</MediaFile>"
        )
    address = f"{base}/creatives/broken/{ad.broken}?ad={ad.id}" if ad.broken else f"{base}/creatives/{creative.file}"
    size = f'width="{creative.width}" height="{creative.height}"'
    return f'<MediaFile delivery="progressive" type="{creative.mime}" {size}>{_data(address)}</MediaFile>'


def _calls(ad: PlannedAd, base: str, at: int) -> str:
    views = "".join(f"<{view}>{_data(_url(base, view[0].lower() + view[1:], ad, at))}</{view}>" for view in _VIEWS)
    impression = _url(base, "impression", ad, at).replace("&", "&amp;")  # without CDATA, as many do
    return (
        f"<Error>{_data(_url(base, 'error', ad, at, '&code=[ERRORCODE]'))}</Error>"
        f"<Impression> {impression} </Impression>"
        f'<ViewableImpression id="{ad.id}">{views}</ViewableImpression>'
    )


def _events(ad: PlannedAd, base: str, at: int) -> str:
    names = (*_MOMENTS, *_QUARTILES, "notUsed", "mute", "pause")
    lines = (f'<Tracking event="{name}">{_data(_url(base, name, ad, at))}</Tracking>' for name in names)
    return f"<TrackingEvents>{''.join(lines)}</TrackingEvents>"


def _url(base: str, kind: str, ad: PlannedAd, at: int, more: str = "") -> str:
    macros = "&cb=[CACHEBUSTING]&ts=%5BTIMESTAMP%5D&asset=[ASSETURI]&head=[ADPLAYHEAD]&foreign=[SANDBOX]"
    return f"{base}/vast/beacon/{kind}?ad={ad.id}&at={at}{macros}{more}"


def _data(text: str) -> str:
    return f"<![CDATA[{text}]]>"


def _clock(ms: int) -> str:
    return f"00:{ms // 60_000:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"
