"""What a bid wants to have shown: a picture, a page or a VAST document, wherever the bidder put it."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from config import Size
from player import _loose as loose
from player.exchange._shapes import HTML, Opportunity
from player.exchange._url import LONGEST_URL, web_url
from player.exchange.openrtb._markup import Markup, read_markup, unescaped
from player.exchange.openrtb._page import page_in

LONGEST_MARKUP = 250_000
_LONGEST_SIDE = 100_000
_VAST = re.compile(
    r"[\s\ufeff]*+(?:<\?xml[^>]*+>[\s\ufeff]*+)?(?:<!--(?:(?!-->)[\s\S])*+-->\s*+)*+<(?:\w+:)?VAST[\s>/]", re.IGNORECASE
)
_DATA = re.compile(r"\s*+data:image/(?:png|jpe?g|gif|webp|avif|svg\+xml)[;,]\S*+\s*+", re.IGNORECASE)
_VIDEO = 2
_MEDIA = (".mp4", ".m4v", ".mov", ".webm", ".jpg", ".jpeg", ".png", ".gif", ".webp", ".html", ".htm", ".zip")
_KINDS = {_VIDEO: "video", 3: "audio", 4: "native"}


@dataclass(frozen=True, slots=True)
class Creative:
    """What is to be shown; one of ``image``, ``page`` and ``vast`` is not empty."""

    image: str = ""
    page: str | None = None
    vast: str | None = None
    pixels: tuple[str, ...] = ()
    size: Size | None = None


def is_vast(markup: str) -> bool:
    """True of a VAST document, also behind a byte order mark, blanks, comments and an XML declaration."""
    return _VAST.match(markup) is not None


def creative_in(node: loose.Node, adm: str | None, wanted: Opportunity) -> Creative | str:
    """The creative of a bid, or why there is none. Total, and linear in the length.

    ``adm`` is its markup, from the bid or from the win notice. Without any, what stands for it: ``iurl``, which is
    meant for review and is where many DOOH bidders put the picture, and ``banner.img`` (OpenRTB 2.6 §7.9.6.2).
    """
    size = declared_size(node)
    film = _film(node, adm or "")
    if film is not None:
        return Creative(vast=film, size=size) if wanted.video_mimes else "its markup is VAST video"
    markup = _read(adm or "", size)
    if HTML in wanted.mimes:
        page = page_in(adm or "", markup, size) or _data_page(adm)
        if page is not None:
            return Creative(page=page, pixels=markup.pixels, size=size or markup.size)
    named = (loose.text(node, "iurl", LONGEST_URL), loose.text(loose.node(node, "banner"), "img", LONGEST_URL))
    image = markup.image or next((url for one in named if (url := web_url(one)) is not None), None)
    if image is not None:
        return Creative(image=image, pixels=markup.pixels, size=size or markup.size)
    inside = _data_page(loose.text(node, "iurl", LONGEST_MARKUP)) if HTML in wanted.mimes else None
    if inside is not None:
        return Creative(page=inside, pixels=markup.pixels, size=size)
    kind = _KINDS.get(loose.whole(node, "mtype", 1, 4) or 0)
    return f"it is {kind}, and {markup.lack}" if kind else markup.lack


def _film(node: loose.Node, adm: str) -> str | None:
    """The VAST document in ``adm``, also when it was escaped once more; of a video whose markup is but an address of
    no picture or film, a wrapper that leads to the tag at that address.
    """
    if len(adm) > LONGEST_MARKUP:
        return None
    plain = unescaped(adm) if "<" not in adm else adm
    if is_vast(plain):
        return plain
    url = web_url(adm) if loose.whole(node, "mtype", 1, 4) == _VIDEO and "<" not in plain else None
    if url is None or _is_media(url):
        return None
    return f'<VAST version="3.0"><Ad><Wrapper><VASTAdTagURI>{html.escape(url)}</VASTAdTagURI></Wrapper></Ad></VAST>'


def _is_media(url: str) -> bool:
    try:
        return urlsplit(url).path.lower().endswith(_MEDIA)
    except ValueError:
        return True  # no address at all: whoever fetches it says so


def declared_size(node: loose.Node) -> Size | None:
    """``w`` and ``h``, as numbers or as text; None when either is missing or no size."""
    width, height = (loose.number(node, side) for side in ("w", "h"))
    if width is None or height is None:
        return None
    sane = max(width, height) < _LONGEST_SIDE and min(width, height) >= 1
    return Size(round(width), round(height)) if sane else None


def _read(adm: str, size: Size | None) -> Markup:
    if len(adm) > LONGEST_MARKUP:
        return Markup(None, None, (), "its markup is too long")
    return read_markup(adm, size)


def _data_page(written: str | None) -> str | None:
    """A picture that is written out where an address belongs: a page that shows it."""
    if written is None or not _DATA.fullmatch(written):
        return None
    return f'<img src="{html.escape(written.strip())}" alt="">'
