"""Reading the arguments of a call, with Kinesis' own complaints."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from sandbox.stream._errors import invalid, validation

MAX_PARTITION_KEY = 256


def stream_name(call: Mapping[str, Any]) -> str:
    """From ``StreamName`` or the end of ``StreamARN``."""
    name = call.get("StreamName")
    if isinstance(name, str) and name:
        return name
    arn = call.get("StreamARN")
    if isinstance(arn, str) and ":stream/" in arn:
        return arn.split(":stream/", 1)[1]
    message = "either StreamName or StreamARN is required."
    raise invalid(message)


def text(call: Mapping[str, Any], name: str) -> str:
    """A text that is required."""
    value = call.get(name)
    if not isinstance(value, str) or not value:
        message = f"Value null at '{name}' failed to satisfy constraint: Member must not be null"
        raise validation(message)
    return value


def integer(call: Mapping[str, Any], name: str, low: int, high: int, default: int) -> int:
    """A whole number within limits."""
    value = call.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        message = f"Value '{value}' at '{name}' failed to satisfy constraint: Member must be between {low} and {high}"
        raise validation(message)
    return value


def data(call: Mapping[str, Any]) -> bytes:
    """The record's bytes, from base64."""
    try:
        return base64.b64decode(call.get("Data", ""), validate=True)
    except (binascii.Error, TypeError, ValueError) as error:
        message = "Data must be base64"
        raise validation(message) from error


def partition_key(call: Mapping[str, Any]) -> str:
    """The record's key, 1 to 256 characters."""
    key = text(call, "PartitionKey")
    if len(key) > MAX_PARTITION_KEY:
        message = (
            "Value at 'PartitionKey' failed to satisfy constraint: Member must have length less than or equal to 256"
        )
        raise validation(message)
    return key
