"""What is told, and to whom: plays, health, the local page, the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta

from config.schema._types import Host, Path_, Text, Url


@dataclass(frozen=True, slots=True)
class ProofConfig:
    """Where proof of play goes, and how long it is kept here."""

    stream: Annotated[Text, Meta(description="Name of the Kinesis data stream. Empty: plays stay in the journal.")] = ""
    region: Annotated[Text, Meta(description="AWS region of the stream.")] = "us-east-1"
    endpoint: Annotated[Url, Meta(description="A Kinesis endpoint other than AWS's own. Empty: AWS's own.")] = ""
    flush_bytes: Annotated[
        int,
        Meta(ge=1_000, le=1_000_000, description="Send when this many bytes wait (Kinesis bills 25 KB units)."),
    ] = 25_000
    flush_seconds: Annotated[float, Meta(ge=1, le=86_400, description="Send at the latest after this, seconds.")] = (
        180.0
    )
    most_bytes_per_second: Annotated[
        int, Meta(ge=2_000, le=10_000_000, description="Most this screen sends in one second to a sink, bytes.")
    ] = 50_000
    most_records_per_second: Annotated[
        int, Meta(ge=1, le=1_000, description="Most Kinesis records (or gateway requests) it sends in one second.")
    ] = 50
    credentials: Annotated[
        Literal["chain", "iot"],
        Meta(description="AWS's own chain, or short-lived keys from AWS IoT for this device's certificate."),
    ] = "chain"
    iot_endpoint: Annotated[
        Text, Meta(description="Host of the AWS IoT credential provider (…credentials.iot.REGION.amazonaws.com).")
    ] = ""
    iot_role_alias: Annotated[Text, Meta(description="Role alias in AWS IoT that gives the keys.")] = ""
    certificate_file: Annotated[Path_, Meta(description="File with the device's X.509 certificate, PEM.")] = ""
    key_file: Annotated[Path_, Meta(description="File with the certificate's private key, PEM.")] = ""
    thing: Annotated[Text, Meta(description="Name of the thing in AWS IoT. Empty: none is told.")] = ""
    gateway_url: Annotated[
        Url, Meta(description="HTTPS gateway that takes plays as JSON lines, with or without a stream. Empty: none.")
    ] = ""
    gateway_token_file: Annotated[Path_, Meta(description="File with a bearer token for it, if it wants one.")] = ""
    keep_days: Annotated[int, Meta(ge=1, le=3_650, description="How long delivered plays are kept, days.")] = 30
    keep_plays: Annotated[int, Meta(ge=1_000, le=10_000_000, description="Most delivered plays kept.")] = 300_000

    def sinks(self) -> tuple[str, ...]:
        """The sinks that are to receive every play, by their names in the journal."""
        wanted = {"kinesis": self.stream, "gateway": self.gateway_url}
        return tuple(name for name, address in wanted.items() if address)

    keep_bytes: Annotated[
        int,
        Meta(ge=16_000_000, le=1_000_000_000_000, description="Most bytes of plays kept; delivered ones go first."),
    ] = 2_000_000_000


@dataclass(frozen=True, slots=True)
class HeartbeatConfig:
    """The periodic health report."""

    url: Annotated[Url, Meta(description="Where it is posted. Empty: none is sent.")] = ""
    seconds: Annotated[
        float, Meta(ge=1, le=86_400, description="Time between two, seconds; each varies by a tenth.")
    ] = 60.0
    token_file: Annotated[Path_, Meta(description="File with a bearer token for it, if it wants one.")] = ""
    backlog: Annotated[
        int,
        Meta(ge=0, le=1_000, description="How many are kept while it cannot be reached; older ones are thinned out."),
    ] = 60
    thumbnail_every: Annotated[
        int, Meta(ge=0, le=10_000, description="Each so many, one has a small picture of the screen; 0: none has.")
    ] = 0
    emf: Annotated[
        str,
        Meta(
            pattern=r"^(?!AWS/)[A-Za-z0-9._#/-]{0,255}$",
            description="CloudWatch namespace: each is a line of metrics in the log too (EMF). Empty: none is.",
            extra={"allowed": "letters, digits and . _ # / - (up to 255 of them), not beginning with AWS/"},
        ),
    ] = ""
    emf_dimensions: Annotated[
        tuple[Literal["screen_id", "venue_id", "player_version"], ...],
        Meta(description="What these metrics are told apart by; CloudWatch bills each combination. []: nothing."),
    ] = ("screen_id",)
    textfile: Annotated[
        str,
        Meta(
            pattern=r"^(|/.+\.prom)$",
            max_length=1_000,
            description="File for the textfile collector of Prometheus' node_exporter. Empty: none is written.",
            extra={"allowed": "a path from / on that ends with .prom, or empty"},
        ),
    ] = ""
    card_tbw: Annotated[
        float,
        Meta(ge=0, le=1_000_000, description="What may be written to the card in its life, terabytes; 0: not known."),
    ] = 0.0


@dataclass(frozen=True, slots=True)
class WebConfig:
    """The local page. Off: no port is open. On: for this machine alone, or with a PIN for the local network."""

    enabled: Annotated[bool, Meta(description="Serve it.")] = False
    host: Annotated[
        Literal["loopback", "lan"],
        Meta(description="Who may reach it: this machine (ssh -L leads there), or the whole local network."),
    ] = "loopback"
    port: Annotated[int, Meta(ge=1_024, le=65_535, description="TCP port that it listens on.")] = 8_480
    pin_file: Annotated[
        Path_,
        Meta(description="File with the PIN's hash, made by `ooh-player web pin`. Empty: the page can only be read."),
    ] = ""
    names: Annotated[
        tuple[Host, ...],
        Meta(description="Further host names that it answers to, besides the machine's own name and addresses."),
    ] = ()


@dataclass(frozen=True, slots=True)
class LogConfig:
    """The log on standard error (journald keeps it)."""

    level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="The least that is written; debug writes all.")
    ] = "info"
    form: Annotated[Literal["text", "json"], Meta(description="Lines for people, or JSON for machines.")] = "text"
