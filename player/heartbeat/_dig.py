"""Reaching into a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def dig(document: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 - any JSON value
    """The value at ``a.b.c``; None when there is none."""
    value: Any = document
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
