"""Guarded HTTP: requests and downloads that cannot be led to private addresses, past a size or past a time."""

from player.fetch._client import GuardedHttp, open_http
from player.fetch._download import fetch
from player.fetch._guard import Guard, PrivateAddressError, is_public
from player.fetch._resources import GuardedResources
from player.fetch._shapes import Fetched, Http, HttpAnswer, HttpStream

__all__ = [
    "Fetched",
    "Guard",
    "GuardedHttp",
    "GuardedResources",
    "Http",
    "HttpAnswer",
    "HttpStream",
    "PrivateAddressError",
    "fetch",
    "is_public",
    "open_http",
]
