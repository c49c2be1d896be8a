"""The stream that takes proof of play: does it know this screen, and let it write?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from config import Code, OohError
from player.delivery import aws_error, open_client, sdk_error
from player.doctor._finding import Finding
from player.doctor._network import NAME_S, Way, follows, stream_host
from player.doctor._patient import Patient

_CONNECT_S, _READ_S = 3.0, 4.0
_STEPS = {
    Code.DELIVERY_CREDENTIALS: "Check proof.credentials, certificate_file and key_file, or the AWS chain of this user.",
    Code.DELIVERY_DENIED: "Allow kinesis:PutRecords (and kinesis:DescribeStreamSummary, for this line) on the stream.",
    Code.DELIVERY_NO_RECEIVER: "Check proof.stream and proof.region: the name is spelt otherwise, or is elsewhere.",
    Code.DELIVERY_CLOCK: "Set the clock: see the line “clock”. Plays wait on disk until then.",
    Code.DELIVERY_UNAVAILABLE: "The venue must let TCP port 443 out; else check proof.endpoint and proof.region.",
}
_WHATS = {
    Code.DELIVERY_CREDENTIALS: "refused: no valid credentials",
    Code.DELIVERY_DENIED: "refused: this screen may not use it",
    Code.DELIVERY_NO_RECEIVER: "refused: there is no such stream",
    Code.DELIVERY_CLOCK: "refused: the clock of this machine is wrong",
    Code.DELIVERY_UNAVAILABLE: "not reached",
}
LATE = _STEPS[Code.DELIVERY_UNAVAILABLE]


def look_at_stream(patient: Patient, way: Callable[[], Way]) -> Finding:
    """Asked for its summary, which costs nothing and writes nothing."""
    proof = patient.config.proof
    if not proof.stream:
        step = "Set proof.stream when plays are to be delivered."
        return Finding("stream", "warn", "none is configured: plays stay in the journal", step)
    host = stream_host(patient.config)
    if patient.net.look_up(host, NAME_S).state == "silent":  # the AWS client would wait for it much longer
        return _unreached(patient, OohError(Code.DELIVERY_UNAVAILABLE, f"the name {host} is not resolved in time"), way)
    try:
        client: Any = open_client(proof, connect_s=_CONNECT_S, read_s=_READ_S)  # its methods are made at run time
        client.describe_stream_summary(StreamName=proof.stream)
    except ClientError as error:
        return _refused(patient, aws_error(error))
    except BotoCoreError as error:
        return _unreached(patient, sdk_error(error), way)
    except OohError as error:  # of the AWS IoT credential provider
        return _unreached(patient, error, way)
    return Finding("stream", "ok", f"{proof.stream} takes this screen's credentials")


def _refused(patient: Patient, error: OohError) -> Finding:
    """Being let write is what counts: a policy may give that alone, and then the agent knows."""
    delivery = (patient.board("agent") or {}).get("delivery") or {}
    writes = delivery.get("delivered") and delivery.get("error") is None
    if error.code is Code.DELIVERY_DENIED and writes:
        name = patient.config.proof.stream
        return Finding("stream", "ok", f"{name} takes plays, {delivery['delivered']} so far; it does not tell more")
    return _told(patient, error)


def _unreached(patient: Patient, error: OohError, way: Callable[[], Way]) -> Finding:
    if error.code is Code.DELIVERY_UNAVAILABLE and way().trouble is not None:
        return follows("stream", way())
    return _told(patient, error)


def _told(patient: Patient, error: OohError) -> Finding:
    what, step = _WHATS.get(error.code), _STEPS.get(error.code)
    if what is None or step is None:
        return Finding.of_error("stream", error)
    return Finding("stream", "fail", f"{patient.config.proof.stream}: {what} ({_short(error.detail)})", step)


def _short(text: str) -> str:
    """One line of what AWS said: ``An error occurred (CODE) when calling the … operation: TEXT`` is half ceremony."""
    head, _, tail = text.partition(" when calling the ")
    if tail and "(" in head:
        code = head.partition("(")[2].rstrip(")")
        told = tail.partition("operation: ")[2].strip()
        text = f"{code}: {told}" if told else code
    text = " ".join(text.split())
    return text if len(text) <= 160 else f"{text[:159]}…"
