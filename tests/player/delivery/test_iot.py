"""Keys from the AWS IoT credential provider, over real mutual TLS, and requests that are signed with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from config import Code, OohError, ProofConfig
from player.delivery import Entry, IotKeys, KinesisSink, encode, open_client
from tests.player.delivery.iot_server import Authority, Provider, providing
from tests.player.delivery.stream_server import Stream, serving


@pytest.fixture
def amazon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    authority = Authority(tmp_path, "amazon")
    monkeypatch.setenv("AWS_CA_BUNDLE", str(authority.file))
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return authority


@pytest.fixture
def devices(tmp_path: Path) -> Authority:
    return Authority(tmp_path, "devices")


@pytest.fixture
def provider(amazon: Authority, devices: Authority) -> Iterator[Provider]:
    with providing(Provider(), devices, amazon.issue("server")) as it:
        yield it


@pytest.fixture
def proof(provider: Provider, devices: Authority) -> ProofConfig:
    certificate, key = devices.issue("screen-1")
    return config_of(provider, certificate, key)


def config_of(provider: Provider, certificate: Path, key: Path, **more: Any) -> ProofConfig:
    return ProofConfig(
        stream="plays",
        credentials="iot",
        iot_endpoint=provider.endpoint,
        iot_role_alias="screens/write",
        certificate_file=str(certificate),
        key_file=str(key),
        thing="screen-1",
        **more,
    )


def entry() -> Entry:
    data = encode("screen-1", [b'{"id":"a"}\n'])
    return Entry(("a",), data, len(data))


def sink_to(stream: Stream, proof: ProofConfig) -> KinesisSink:
    whole = replace(proof, endpoint=stream.url)
    return KinesisSink(open_client(whole), "plays", "screen-1", reopen=lambda: open_client(whole))


def test_the_certificate_and_the_thing_are_shown(proof: ProofConfig, provider: Provider) -> None:
    keys = IotKeys(proof).fetch()
    assert (keys["access_key"], keys["secret_key"], keys["token"]) == ("ASIA1", "secret", "token")
    assert provider.asked == [("/role-aliases/screens%2Fwrite/credentials", "screen-1", "screen-1")]


def test_requests_are_signed_with_the_keys_which_are_fetched_once(proof: ProofConfig, provider: Provider) -> None:
    with serving(Stream()) as stream:
        sink = sink_to(stream, proof)
        assert not provider.asked, "opening asks nobody"
        for _ in range(3):
            assert sink.send([entry()]).accepted
    assert len(provider.asked) == 1
    assert "Credential=ASIA1/" in stream.headers[0]["Authorization"]
    assert stream.headers[0]["X-Amz-Security-Token"] == "token"


def test_keys_are_renewed_before_they_end(proof: ProofConfig, provider: Provider) -> None:
    provider.life_s = 300  # botocore renews at 15 minutes before the end, at the latest at 10
    with serving(Stream()) as stream:
        sink = sink_to(stream, proof)
        sink.send([entry()])
        before = len(provider.asked)
        provider.life_s = 3_600
        for _ in range(3):
            sink.send([entry()])
    assert len(provider.asked) == before + 1
    assert f"Credential=ASIA{before + 1}/" in stream.headers[3]["Authorization"]


@pytest.mark.parametrize("behind", [-730 * 86_400, 730 * 86_400], ids=["two-years-fast", "two-years-slow"])
def test_renewal_goes_by_the_providers_clock(proof: ProofConfig, provider: Provider, behind: float) -> None:
    """This machine's clock is two years wrong: keys are neither fetched for every request nor kept past their end."""
    provider.behind_s = behind
    with serving(Stream()) as stream:
        sink = sink_to(stream, proof)
        sink.send([entry()])
        sink.send([entry()])
        assert len(provider.asked) == 1
    passed = [0.0]
    keys = IotKeys(proof, lambda: passed[0])
    keys.fetch()
    before = keys.now()
    passed[0] = 600.0
    assert keys.now() - before == timedelta(seconds=600)
    assert abs(before - provider.now()) < timedelta(seconds=5)


def test_expired_keys_are_given_up_and_fetched_anew(proof: ProofConfig, provider: Provider) -> None:
    with serving(Stream()) as stream:
        stream.orders.append("error:ExpiredTokenException")
        sink = sink_to(stream, proof)
        with pytest.raises(OohError) as caught:
            sink.send([entry()])
        assert caught.value.code is Code.DELIVERY_CREDENTIALS
        assert sink.send([entry()]).accepted
    assert len(provider.asked) == 2


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (403, b'{"message":"Access Denied"}', Code.DELIVERY_CREDENTIALS),
        (404, b'{"message":"Role alias does not exist"}', Code.DELIVERY_CREDENTIALS),
        (429, b"", Code.DELIVERY_THROTTLED),
        (500, b"", Code.DELIVERY_UNAVAILABLE),
        (200, b"<html>", Code.DELIVERY_UNAVAILABLE),
        (200, b'{"credentials": null}', Code.DELIVERY_UNAVAILABLE),
        (200, b'{"credentials": {"accessKeyId": "A"}}', Code.DELIVERY_UNAVAILABLE),
        (
            200,
            b'{"credentials":{"accessKeyId":"A","secretAccessKey":"B","sessionToken":"C","expiration":"soon"}}',
            Code.DELIVERY_UNAVAILABLE,
        ),
        (
            200,
            b'{"credentials":{"accessKeyId":"A","secretAccessKey":"B","sessionToken":"","expiration":"2001-01-01"}}',
            Code.DELIVERY_CREDENTIALS,
        ),
    ],
)
def test_every_answer_has_its_code(
    proof: ProofConfig, provider: Provider, status: int, body: bytes, code: Code
) -> None:
    provider.status, provider.body = status, body
    with serving(Stream()) as stream, pytest.raises(OohError) as caught:
        sink_to(stream, proof).send([entry()])
    assert caught.value.code is code
    assert stream.requests == 0


def test_a_certificate_of_somebody_else_is_refused(provider: Provider, tmp_path: Path) -> None:
    strangers = Authority(tmp_path, "strangers")
    with pytest.raises(OohError) as caught:
        IotKeys(config_of(provider, *strangers.issue("stranger"))).fetch()
    assert caught.value.code is Code.DELIVERY_CREDENTIALS
    assert not provider.asked


def test_a_provider_that_is_not_amazons_gets_no_request(
    proof: ProofConfig, provider: Provider, devices: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", str(devices.file))
    with pytest.raises(OohError) as caught:
        IotKeys(proof).fetch()
    assert caught.value.code is Code.DELIVERY_UNAVAILABLE
    assert not provider.asked


def test_a_certificate_from_the_future_is_a_clock_from_the_past(amazon: Authority, devices: Authority) -> None:
    files = amazon.issue("tomorrow", begins_in=timedelta(days=1))
    with providing(Provider(), devices, files) as provider, pytest.raises(OohError) as caught:
        IotKeys(config_of(provider, *devices.issue("screen-1"))).fetch()
    assert caught.value.code is Code.DELIVERY_CLOCK


@pytest.mark.parametrize("missing", ["certificate_file", "key_file"])
def test_files_that_cannot_be_read(proof: ProofConfig, missing: str, tmp_path: Path) -> None:
    with pytest.raises(OohError) as caught:
        IotKeys(replace(proof, **{missing: str(tmp_path / "none")})).fetch()  # type: ignore[arg-type]
    assert caught.value.code is Code.DELIVERY_CREDENTIALS


def test_files_may_be_credentials_of_systemds(
    proof: ProofConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    named = replace(proof, certificate_file="screen-1.crt", key_file="screen-1.key")
    assert IotKeys(named).fetch()["access_key"] == "ASIA1"


def test_nobody_listens(proof: ProofConfig) -> None:
    with pytest.raises(OohError) as caught:
        IotKeys(replace(proof, iot_endpoint="127.0.0.1:9")).fetch()
    assert caught.value.code is Code.DELIVERY_UNAVAILABLE
