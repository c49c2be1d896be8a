"""A Kinesis-compatible stream: durable records, real limits per shard, seeded faults."""

from __future__ import annotations

from sandbox.stream._app import make_app
from sandbox.stream._faults import Faults

__all__ = ["Faults", "make_app"]
