"""A VAST ad server: tags, wrappers, pods, oddities and errors, and a book of every call that should come of them."""

from __future__ import annotations

from sandbox.vast._app import add_vast
from sandbox.vast._book import VastBook
from sandbox.vast._plan import Plan, plan

__all__ = ["Plan", "VastBook", "add_vast", "plan"]
