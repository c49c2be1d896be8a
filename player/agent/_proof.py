"""Proof of play as jobs: the stream, the beacons, and the flush of both at the end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from cache import Clock, Journal
from config import Config
from player.delivery import Delivery, KinesisSink, Sink, open_client


def kinesis_sink(config: Config) -> Sink:
    """The configured stream."""
    return KinesisSink(open_client(config.proof), config.proof.stream, config.screen.id)


@dataclass(slots=True)
class ProofJob:
    """Delivery to the stream. Its client is made with the first run: that loads botocore's model of the service."""

    journal: Journal
    clock: Clock
    config: Config
    make_sink: Callable[[Config], Sink] = kinesis_sink
    _delivery: Delivery | None = None
    _making: threading.Lock = field(default_factory=threading.Lock)

    @property
    def sink(self) -> str | None:
        """The sink's name; None without a stream."""
        return KinesisSink.name if self.config.proof.stream else None

    @property
    def error(self) -> str | None:
        """Code of the last request's failure."""
        error = self._delivery.last_error if self._delivery is not None else None
        return error.code.code if error is not None else None

    def step(self, *, flush: bool = False) -> float | None:
        """One step of delivery; returns the seconds until the next."""
        return self._get().step(flush=flush).wait_s

    def drain(self, timeout_s: float) -> bool:
        """True when nothing waits for the stream, or there is none."""
        return self.sink is None or self._get().drain(timeout_s)

    def _get(self) -> Delivery:
        with self._making:
            if self._delivery is None:
                proof = self.config.proof
                self._delivery = Delivery(
                    self.journal,
                    self.make_sink(self.config),
                    flush_bytes=proof.flush_bytes,
                    flush_seconds=proof.flush_seconds,
                    clock=self.clock,
                )
            return self._delivery
