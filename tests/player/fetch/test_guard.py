"""Which URLs and addresses may be reached."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import Code, OohError
from player.fetch import Guard, is_public

PUBLIC = "93.184.215.14"


def guard(*addresses: str, allow: tuple[str, ...] = ()) -> Guard:
    return Guard.of(allow, resolve=lambda _host, _port: list(addresses))


def judged(url: str) -> Code | None:
    try:
        guard().check(url)
    except OohError as error:
        return error.code
    return None


def refusal(found: pytest.ExceptionInfo[OohError]) -> Code:
    return found.value.code


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/a.png",
        "ftp://example.com/a.png",
        "file:///etc/passwd",
        "gopher://example.com/",
        "//example.com/a.png",
        "example.com/a.png",
        "",
        "https://",
        "https:///a.png",
        "https://user@example.com/",
        "https://user:secret@example.com/",
        "https://example.com@10.0.0.1/",
        "https://example.com\\@10.0.0.1/",
        "https://exa mple.com/",
        "https://example.com/\r\nX-Evil: 1",
        "https://example.com:22/",
        "https://example.com:80/",
        "https://example.com:99999/",
        "https://example.com:port/",
        "https://%31%30.0.0.1/",
        "https://[::1/",
        "https://example.com/" + "a" * 9_000,
    ],
)
def test_urls_that_are_refused_by_their_text(url: str) -> None:
    with pytest.raises(OohError) as found:
        guard().check(url)
    assert refusal(found) is Code.FETCH_REFUSED


@pytest.mark.parametrize(
    "url",
    ["https://example.com/a.png", "HTTPS://Example.COM/a?b=c", "https://example.com:8443/", "https://[2606:4700::1]/"],
)
def test_urls_that_pass(url: str) -> None:
    guard().check(url)


@given(st.text(max_size=60))
def test_any_text_passes_or_is_refused(url: str) -> None:
    for text in (url, f"https://{url}", f"https://example.com{url}"):
        assert judged(text) in {None, Code.FETCH_REFUSED}


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",  # cloud metadata
        "100.64.0.1",  # carrier NAT
        "198.18.0.1",
        "192.0.2.1",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "192.88.99.1",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",  # metadata over IPv6
        "fec0::1",
        "ff02::1",
        "ff0e::1",  # global multicast: is_global says yes
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",  # NAT64 of 127.0.0.1: is_global says yes
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",  # 6to4 of 127.0.0.1
        "2001:0:a00:1::1",  # Teredo
        "::ffff:0:7f00:1",  # IPv4-translated
        "3fff::1",
        "168.63.129.16",  # Azure's host agent
        "100.100.100.200",  # Alibaba's metadata
        "192.0.0.192",  # Oracle's metadata
        "fe80::a9fe:a9fe",  # OpenStack's metadata
        "5f00::1",  # segment routing
        "2001:4860::5efe:a00:1",  # ISATAP of 10.0.0.1
        "2001:4860::200:5efe:7f00:1",  # ISATAP with the universal bit
        "64:ff9b::a9fe:a9fe",  # NAT64 of 169.254.169.254
        "2002:a9fe:a9fe::1",  # 6to4 of 169.254.169.254
        "::ffff:169.254.169.254",
        "ff05::2",
        "2001:db8::1",
        "not an address",
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(OohError) as found:
        guard(address).addresses("example.com", 443, plain=False, timeout_s=5)
    assert refusal(found) is Code.FETCH_REFUSED


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:4700::6810:84e5", "::ffff:8.8.8.8"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)
    assert guard(address).addresses("example.com", 443, plain=False, timeout_s=5) == (address,)


def test_one_private_address_among_public_ones_refuses_the_name() -> None:
    with pytest.raises(OohError, match=r"127\.0\.0\.1"):
        guard(PUBLIC, "127.0.0.1").addresses("example.com", 443, plain=False, timeout_s=5)


@pytest.mark.parametrize(
    ("allowed", "host", "port", "is_allowed"),
    [
        ("127.0.0.1:8000", "127.0.0.1", 8000, True),
        ("127.0.0.1:8000", "127.0.0.1", 8001, False),
        ("127.0.0.1", "127.0.0.1", 8001, True),
        ("Signage.Local", "signage.local", 80, True),
        ("signage.local.", "signage.local", 80, True),
        ("signage.local", "evil.signage.local", 80, False),
        ("signage.local", "signage.local.", 80, True),
        ("[::1]:8000", "::1", 8000, True),
        ("::1", "[::1]", 9, True),
        ("fd00::1:80", "[fd00::1]", 80, False),  # an address of its own, not a port
        ("", "", 80, False),
    ],
)
def test_the_operator_names_what_may_be_private(allowed: str, host: str, port: int, *, is_allowed: bool) -> None:
    assert Guard.of((allowed,)).allows(host, port) is is_allowed


def test_an_allowed_host_may_be_plain_and_private() -> None:
    local = guard("127.0.0.1", allow=("sandbox:8000",))

    local.check("http://sandbox:8000/a.png")
    assert local.addresses("sandbox", 8000, plain=True, timeout_s=5) == ("127.0.0.1",)


def test_a_name_that_does_not_resolve_is_a_network_error() -> None:
    def broken(host: str, _port: int) -> list[str]:
        message = f"no such name {host}"
        raise OSError(message)

    with pytest.raises(OohError) as found:
        Guard((), broken).addresses("example.com", 443, plain=False, timeout_s=5)
    assert refusal(found) is Code.FETCH_NETWORK


def test_a_dead_name_server_does_not_hold_the_request() -> None:
    released = threading.Event()

    def hung(_host: str, _port: int) -> list[str]:
        released.wait(10)
        return [PUBLIC]

    try:
        with pytest.raises(OohError) as found:
            Guard((), hung).addresses("example.com", 443, plain=False, timeout_s=0.05)
        assert refusal(found) is Code.FETCH_TIMEOUT
    finally:
        released.set()


def test_odd_spellings_of_loopback_are_caught_when_they_resolve() -> None:
    for spelling in ("2130706433", "0x7f000001", "127.1", "0177.0.0.1"):
        with pytest.raises(OohError) as found:
            Guard().addresses(spelling, 443, plain=False, timeout_s=5)
        assert refusal(found) is Code.FETCH_REFUSED
