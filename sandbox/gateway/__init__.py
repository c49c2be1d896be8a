"""An HTTPS gateway's receiving end: JSON lines in, each batch booked once by its idempotency key, seeded faults."""

from __future__ import annotations

from sandbox.gateway._app import Manners, make_app
from sandbox.gateway._book import Book

__all__ = ["Book", "Manners", "make_app"]
