"""Guarded HTTP: requests and downloads that cannot be led to private addresses, past a size or past a time."""

from player.fetch._shapes import Fetched, Http, HttpAnswer, HttpStream

__all__ = ["Fetched", "Http", "HttpAnswer", "HttpStream"]
