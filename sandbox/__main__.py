"""``python -m sandbox exchange|stream|gateway``: the servers of the sandbox, each a process of its own."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path

from sandbox._serve import serve


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value < 1:
        msg = "a share is at least 0 and less than 1"
        raise argparse.ArgumentTypeError(msg)
    return value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--log-level", default="warning", choices=("debug", "info", "warning", "error"))
    servers = parser.add_subparsers(dest="server", required=True)
    exchange = servers.add_parser("exchange", help="OpenRTB exchange, creatives, feeds, heartbeat receiver")
    exchange.add_argument("--port", type=int, default=8931, help="on 127.0.0.1; 0: any free one")
    exchange.add_argument("--seed", type=int, default=1, help="the same seed gives the same run")
    exchange.add_argument("--slot-ms", type=int, default=3000, help="how long each ad is to be shown")
    exchange.add_argument("--broken-share", type=_share, default=0.25, help="part of the answers broken on purpose")
    exchange.add_argument("--nofill-share", type=_share, default=0.1, help="part of the answers without an ad")
    exchange.add_argument("--slow-share", type=_share, default=0.06, help="part of the answers that take 1 to 2 s")
    exchange.add_argument("--throttle-share", type=_share, default=0.05, help="part of the answers that are 429")
    stream = servers.add_parser("stream", help="Kinesis-compatible stream")
    stream.add_argument("--port", type=int, default=8932, help="on 127.0.0.1; 0: any free one")
    stream.add_argument("--dir", type=Path, required=True, help="where the records are kept")
    stream.add_argument(
        "--stream", action="append", default=[], help="made at the start if missing: NAME or NAME:SHARDS"
    )
    stream.add_argument("--seed", type=int, default=1, help="the same seed gives the same faults")
    stream.add_argument("--fail-share", type=_share, default=0.0, help="part of the records refused in a good answer")
    stream.add_argument("--lose-share", type=_share, default=0.0, help="part of the requests stored but not answered")
    gateway = servers.add_parser("gateway", help="receiver of plays as JSON lines (docs/delivery.md)")
    gateway.add_argument("--port", type=int, default=8933, help="on 127.0.0.1; 0: any free one")
    gateway.add_argument("--seed", type=int, default=1, help="the same seed gives the same faults")
    gateway.add_argument("--throttle-share", type=_share, default=0.0, help="part of the requests that get 429")
    gateway.add_argument("--lose-share", type=_share, default=0.0, help="part of the batches kept but not answered")
    return parser


def _exchange(options: argparse.Namespace) -> None:
    from sandbox.exchange import Mix, make_app  # noqa: PLC0415 - the stream need not load it

    mix = Mix(
        seed=options.seed,
        slot_ms=options.slot_ms,
        broken_share=options.broken_share,
        nofill_share=options.nofill_share,
        slow_share=options.slow_share,
        throttle_share=options.throttle_share,
    )
    serve(make_app(mix), options.port, "exchange")


def _stream(options: argparse.Namespace) -> None:
    from sandbox.stream import Faults, make_app  # noqa: PLC0415 - the exchange need not load it

    faults = Faults(seed=options.seed, fail_share=options.fail_share, lose_share=options.lose_share)
    serve(make_app(options.dir, faults, streams=options.stream), options.port, "stream")


def _gateway(options: argparse.Namespace) -> None:
    from sandbox.gateway import Manners, make_app  # noqa: PLC0415 - the others need not load it

    manners = Manners(seed=options.seed, throttle_share=options.throttle_share, lose_share=options.lose_share)
    serve(make_app(manners), options.port, "gateway")


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until ended; 0 when ended by SIGTERM or Ctrl-C."""
    options = _parser().parse_args(argv)
    logging.basicConfig(level=options.log_level.upper(), format="%(levelname)s %(name)s %(message)s")
    {"exchange": _exchange, "stream": _stream, "gateway": _gateway}[options.server](options)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
