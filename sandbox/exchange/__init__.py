"""The local exchange: OpenRTB 2.6 answers, good and bad, its creatives, beacons, feeds and heartbeats."""

from __future__ import annotations

from sandbox.exchange._app import make_app
from sandbox.exchange._book import Book
from sandbox.exchange._catalogue import Catalogue, Creative
from sandbox.exchange._mix import BROKEN_KINDS, Mix, Outcome

__all__ = ["BROKEN_KINDS", "Book", "Catalogue", "Creative", "Mix", "Outcome", "make_app"]
