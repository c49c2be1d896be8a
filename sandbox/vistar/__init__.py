"""A lease-style ad server: ads for a time, proofs and expirations that must fit them, and a book of both."""

from __future__ import annotations

from sandbox.vistar._app import add_vistar
from sandbox.vistar._book import VistarBook
from sandbox.vistar._request import problems

__all__ = ["VistarBook", "add_vistar", "problems"]
