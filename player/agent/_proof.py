"""Proof of play as jobs: one a sink, and the flush at the end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from cache import Clock, Journal
from config import Config
from player.delivery import Delivery, GatewaySink, KinesisSink, Pace, Sink, open_client
from player.fetch import Http


def kinesis_sink(config: Config) -> Sink:
    """The configured stream."""
    proof = config.proof
    return KinesisSink(open_client(proof), proof.stream, config.screen.id, reopen=lambda: open_client(proof))


@dataclass(slots=True)
class ProofJob:
    """Delivery to one sink, which is made with the first run: botocore's model of the service takes a while to load."""

    journal: Journal
    clock: Clock
    config: Config
    make_sink: Callable[[Config], Sink] = kinesis_sink
    name: str = KinesisSink.name
    fill_bytes: int | None = None
    """Of one entry, when more waits than ``proof.flush_bytes``; None: that."""
    _delivery: Delivery | None = None
    _making: threading.Lock = field(default_factory=threading.Lock)

    @property
    def sink(self) -> str | None:
        """The sink's name; None when it is not configured."""
        return self.name if self.name in self.config.proof.sinks() else None

    @property
    def error(self) -> str | None:
        """Code of the last request's failure."""
        error = self._delivery.last_error if self._delivery is not None else None
        return error.code.code if error is not None else None

    def step(self, *, flush: bool = False) -> float | None:
        """One step of delivery; returns the seconds until the next."""
        return self._get().step(flush=flush).wait_s

    def drain(self, timeout_s: float) -> bool:
        """True when nothing waits for the sink, or there is none."""
        return self.sink is None or self._get().drain(timeout_s)

    def _get(self) -> Delivery:
        with self._making:
            if self._delivery is None:
                proof = self.config.proof
                self._delivery = Delivery(
                    self.journal,
                    self.make_sink(self.config),
                    flush_bytes=proof.flush_bytes,
                    fill_bytes=self.fill_bytes,
                    flush_seconds=proof.flush_seconds,
                    clock=self.clock,
                    pace=Pace(self.clock, proof.most_bytes_per_second, proof.most_records_per_second),
                )
            return self._delivery


def gateway_job(journal: Journal, clock: Clock, config: Config, http: Http) -> ProofJob:
    """Delivery to the configured gateway: of a backlog it takes as much at once as the pace allows."""

    def make_sink(config: Config) -> Sink:
        return GatewaySink(config.proof, http, clock)

    return ProofJob(journal, clock, config, make_sink, GatewaySink.name, GatewaySink.max_entry_bytes)
