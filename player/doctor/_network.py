"""What the doctor looks at over the network: exchanges, the stream, feeds, the heartbeat's receiver."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from cache import Clock
from config import Config, ExchangeConfig, OohError, ProofConfig
from player.delivery import aws_error, open_client, sdk_error
from player.doctor._finding import Check, Finding
from player.feeds import Feed, open_feeds
from player.fetch import Http

_TIMEOUT_S = 6.0
_MAX_BYTES = 1_000_000


def network_checks(config: Config, http: Http, clock: Clock) -> tuple[Check, ...]:
    """Everything that needs the network, as far as it is configured."""
    exchanges = [exchange for exchange in config.exchange if exchange.url]
    checks = [_exchange_check(exchange, http) for exchange in exchanges]
    checks += [_feed_check(feed) for feed in open_feeds(config, http, clock)]
    if config.heartbeat.url:
        checks.append(Check("heartbeat", lambda: _reach("heartbeat", config.heartbeat.url, http)))
    if not exchanges:
        checks.insert(0, Check("exchange", _no_exchange))
    if config.proof.gateway_url:
        checks.append(Check("gateway", lambda: _reach("gateway", config.proof.gateway_url, http)))
    if config.proof.stream or not config.proof.gateway_url:
        checks.append(Check("stream", lambda: _stream(config.proof)))
    return tuple(checks)


def _no_exchange() -> Finding:
    step = "Set exchange.url when this screen is to earn."
    return Finding("exchange", "warn", "none is configured: house ads and content only", step)


def _exchange_check(exchange: ExchangeConfig, http: Http) -> Check:
    name = f"exchange {exchange.name}"
    return Check(name, lambda: _reach(name, exchange.url, http))


def _reach(name: str, url: str, http: Http) -> Finding:
    """Any HTTP answer shows that name, route and certificate are right; no ad is asked for."""
    answer = http.request("HEAD", url, headers={}, body=None, timeout_s=_TIMEOUT_S, max_bytes=_MAX_BYTES)
    if answer.status in {401, 403}:
        step = "Check the token file and that the server knows this screen."
        return Finding(name, "warn", f"reached, but it answers {answer.status}", step)
    if answer.status == 404:
        step = "Check the URL; a server that knows only POST may say so too: ooh-player exchange try."
        return Finding(name, "warn", "reached, but it answers 404", step)
    if answer.status >= 500:
        return Finding(name, "fail", f"it answers {answer.status}", "Ask its operator.")
    return Finding(name, "ok", f"reached ({answer.status})")


def _feed_check(feed: Feed) -> Check:
    def look() -> Finding:
        try:
            feed.fetch()
        except OohError as error:
            return Finding.of_error(f"feed {feed.kind}", error, "warn")
        return Finding(f"feed {feed.kind}", "ok", "it answers with data that can be shown")

    return Check(f"feed {feed.kind}", look)


def _stream(proof: ProofConfig) -> Finding:
    if not proof.stream:
        step = "Set proof.stream when plays are to be delivered."
        return Finding("stream", "warn", "none is configured: plays stay in the journal", step)
    try:
        client: Any = open_client(proof)  # its methods are made at run time
        client.describe_stream_summary(StreamName=proof.stream)
    except ClientError as error:
        return Finding.of_error("stream", aws_error(error))
    except BotoCoreError as error:
        return Finding.of_error("stream", sdk_error(error))
    except OohError as error:  # of the AWS IoT credential provider
        return Finding.of_error("stream", error)
    return Finding("stream", "ok", f"{proof.stream} takes this screen's credentials")
