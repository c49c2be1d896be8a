"""The answer of ``get_asset``: every creative approved for the screen's venue in the next 30 hours."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from config import Code, OohError
from player import _loose as loose
from player.exchange._url import LONGEST_URL, web_url
from player.exchange.vistar._advertisement import mime

ASSETS_FOR_S = 30 * 3600
"""How long an asset list holds ("Creative caching endpoint"): it is asked for daily, and overlaps."""
MOST_ASSETS = 500


@dataclass(frozen=True, slots=True)
class Asset:
    """One creative. Its URL names its version: the same URL has the same bytes."""

    url: str
    mime: str
    creative_id: str | None
    width: int | None
    height: int | None


def read_assets(body: bytes) -> tuple[Asset, ...]:
    """Read the body of a 200. Raises ``OohError`` (EXCHANGE_INVALID) when it is no JSON object; parts are left out."""
    if not body.strip():
        return ()
    try:
        answer = loose.decode(body)
    except ValueError as error:
        raise OohError(Code.EXCHANGE_INVALID, f"not JSON: {error}") from error
    if not isinstance(answer, dict):
        raise OohError(Code.EXCHANGE_INVALID, f"a JSON object was expected, not a {type(answer).__name__}")
    nodes = [node for key in ("asset", "assets", "advertisement") for node in loose.nodes(answer, key)]
    found: dict[str, Asset] = {}
    for node in islice(nodes, MOST_ASSETS):
        url = web_url(loose.text(node, "asset_url", LONGEST_URL))
        if url is not None:
            creative_id = loose.text(node, "creative_id", 512) or loose.text(node, "asset_id", 512)
            size = (loose.whole(node, "width", 1, 99_999), loose.whole(node, "height", 1, 99_999))
            found.setdefault(url, Asset(url, mime(node), creative_id, *size))
    return tuple(found.values())
