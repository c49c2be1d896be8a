"""Kinesis' own errors, as its clients know them."""

from __future__ import annotations


class KinesisError(Exception):
    """An error answer: ``code`` is what AWS calls it, the message is for people."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def not_found(stream: str) -> KinesisError:
    """There is no such stream."""
    return KinesisError("ResourceNotFoundException", f"Stream {stream} under account {ACCOUNT} not found.")


def invalid(message: str) -> KinesisError:
    """An argument that makes no sense."""
    return KinesisError("InvalidArgumentException", message)


def validation(message: str) -> KinesisError:
    """A request outside the limits of the API."""
    return KinesisError("ValidationException", f"1 validation error detected: {message}")


def over_rate(stream: str, shard_id: str) -> KinesisError:
    """The shard's throughput is used up; the message is AWS's own."""
    message = f"Rate exceeded for shard {shard_id} in stream {stream} under account {ACCOUNT}."
    return KinesisError("ProvisionedThroughputExceededException", message)


ACCOUNT = "000000000000"
