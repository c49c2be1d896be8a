"""Cross-site request forgery (OWASP's cheat sheet): only this page's own forms, of this session and this origin."""

from __future__ import annotations

import pytest

from tests.player.web.conftest import PIN, Desk, MakeDesk

ACTIONS = ["identify", "pattern", "pause", "resume", "reload"]


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_without_a_session_is_refused(desk: Desk, action: str) -> None:
    answer = desk.browser().post(f"/do/{action}", {"token": "anything"})
    assert answer.status_code == 403
    assert "PIN" in answer.text


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("token", ["", "wrong", "é", "x" * 3000])
def test_an_action_with_a_missing_or_a_wrong_token_is_refused(desk: Desk, action: str, token: str) -> None:
    assert desk.signed_in().act(action, token=token).status_code == 403


def test_the_token_of_another_session_is_refused(desk: Desk) -> None:
    one, other = desk.signed_in(), desk.signed_in()
    assert one.act("reload", token=other.token("/")).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://evil.example", "Sec-Fetch-Site": ""},
        {"Origin": "null", "Sec-Fetch-Site": ""},
        {"Origin": "https://localhost:8480", "Sec-Fetch-Site": ""},
        {"Origin": "http://localhost", "Sec-Fetch-Site": ""},
        {"Origin": "http://localhost:8481", "Sec-Fetch-Site": "same-site"},
        {"Origin": "", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "", "Sec-Fetch-Site": "same-site"},
        {"Origin": "", "Sec-Fetch-Site": "none"},
    ],
    ids=str,
)
def test_a_form_from_elsewhere_is_refused_with_the_right_token_too(desk: Desk, headers: dict[str, str]) -> None:
    browser = desk.signed_in()
    token = browser.token("/")
    sent = {name.replace("-", "_"): value for name, value in headers.items()}
    assert browser.act("reload", token=token, **sent).status_code == 403
    assert browser.act("reload", token=token).status_code == 303


def test_a_client_that_is_no_browser_may_act_with_session_and_token(desk: Desk) -> None:
    browser = desk.signed_in()
    assert browser.act("reload", Origin="", Sec_Fetch_Site="").status_code == 303


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data; boundary=x", ""])
def test_only_forms_are_taken(desk: Desk, kind: str) -> None:
    browser = desk.signed_in()
    token = browser.token("/")
    answer = browser.client.post(
        "/do/reload",
        data=f"token={token}",
        headers={"Host": browser.host, "Content-Type": kind, "Origin": "http://localhost:8480"},
        base_url="http://localhost:8480",
    )
    assert answer.status_code == 415


def test_nothing_changes_by_reading(desk: Desk) -> None:
    browser = desk.signed_in()
    for action in ACTIONS:
        assert browser.get(f"/do/{action}").status_code == 405
    assert browser.get("/sign-out").status_code == 405


def test_signing_in_by_a_strangers_form_is_refused(desk: Desk) -> None:
    """Login CSRF: the form's token belongs to the guest's own cookie."""
    victim, stranger = desk.browser(), desk.browser()
    victim.get("/sign-in")
    token = stranger.token("/sign-in")
    assert victim.post("/sign-in", {"token": token, "pin": PIN}).status_code == 403
    assert desk.browser().post("/sign-in", {"token": token, "pin": PIN}).status_code == 403
    assert stranger.post("/sign-in", {"token": token, "pin": PIN}, Origin="http://evil.example").status_code == 403


@pytest.mark.parametrize("dest", ["image", "iframe", "script", "empty", "embed", "object"])
@pytest.mark.parametrize("path", ["/", "/screen.jpg", "/doctor", "/static/page.css"])
def test_another_sites_page_cannot_load_a_part_of_this_one(desk: Desk, path: str, dest: str) -> None:
    mode = "navigate" if dest in {"iframe", "embed", "object"} else "no-cors"
    answer = desk.browser().get(path, Sec_Fetch_Site="cross-site", Sec_Fetch_Mode=mode, Sec_Fetch_Dest=dest)
    assert answer.status_code == 403


def test_a_link_from_elsewhere_is_welcome(desk: Desk) -> None:
    answer = desk.browser().get("/", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate", Sec_Fetch_Dest="document")
    assert answer.status_code == 200


@pytest.mark.parametrize("action", ["", "reboot", "../reload", "identify%00", "RELOAD"])
def test_an_action_that_there_is_not(desk: Desk, action: str) -> None:
    assert desk.signed_in().act(action).status_code in {404, 405, 308}


def test_on_the_network_the_same_holds(make_desk: MakeDesk) -> None:
    browser = make_desk(host="lan").signed_in("192.168.7.9", "192.168.7.20:8480")
    token = browser.token("/")
    assert browser.act("reload", token=token, Origin="http://evil.example").status_code == 403
    assert browser.act("reload", token=token).status_code == 303
