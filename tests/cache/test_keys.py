"""The signing key: made once, kept to its owner, replaced without a restart, and checked by openssl too."""

from __future__ import annotations

import base64
import logging
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cache import Journal, KeyFile, Play, read_public_keys, verify_export
from cache.journal._keys import signed_bytes
from config import Code, OohError
from tests.cache.shapes import opened, play_once
from tests.fakes import FakeClock


def signed(journal: Journal, clock: FakeClock) -> Play:
    play = play_once(journal, clock)
    assert play.signature is not None
    assert play.hash is not None
    return play


def test_it_is_made_at_the_first_play_and_for_the_owner_alone(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as journal:
        play = signed(journal, clock)
    assert stat.S_IMODE((tmp_path / "proof.key").stat().st_mode) == 0o600
    (public,) = KeyFile(tmp_path).known()
    assert play.key_id == public.key_id == KeyFile(tmp_path).public().key_id
    assert public.verifies(play.hash or "", play.signature)
    assert not list(tmp_path.glob(".proof*"))


def test_openssl_agrees(tmp_path: Path, clock: FakeClock) -> None:
    openssl = shutil.which("openssl")
    assert openssl is not None
    with opened(tmp_path, clock) as journal:
        play = signed(journal, clock)
    (tmp_path / "message").write_bytes(signed_bytes(play.hash or ""))
    (tmp_path / "signature").write_bytes(base64.b64decode(play.signature or ""))
    argv = [openssl, "pkeyutl", "-verify", "-pubin", "-inkey", "proof.pub", "-rawin"]
    argv += ["-in", "message", "-sigfile", "signature"]
    assert subprocess.run(argv, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "message").write_bytes(signed_bytes("0" * 64))
    assert subprocess.run(argv, cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_two_processes_make_one_key(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from cache import KeyFile; "
    code += "print(KeyFile(Path(sys.argv[1])).public().key_id)"
    children = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert len({child.communicate()[0] for child in children}) == 1


def test_a_rotation_needs_no_restart_and_keeps_the_old_public_key(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as journal:
        before = signed(journal, clock)
        new = KeyFile(tmp_path).rotate()
        after = signed(journal, clock)
        lines = [row.record for row in journal.plays()]
    assert before.key_id != after.key_id == new.key_id
    keys = KeyFile(tmp_path).known()
    assert [key.key_id for key in keys] == [before.key_id, after.key_id]
    assert verify_export(lines, keys).fault is None
    assert "which is not among those given" in (verify_export(lines, keys[1:]).fault or "")


def test_a_credential_of_systemds_goes_first(tmp_path: Path) -> None:
    credentials, state = tmp_path / "credentials", tmp_path / "state"
    credentials.mkdir()
    state.mkdir()
    other = KeyFile(credentials, {}).public()
    file = KeyFile(state, {"CREDENTIALS_DIRECTORY": str(credentials)})
    assert file.public() == other
    assert file.known() == (other,)
    assert not (state / "proof.key").exists()
    with pytest.raises(OohError, match="credential"):
        file.rotate()


@pytest.mark.parametrize("spoilt", [b"", b"rubbish", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_key_that_cannot_be_read_costs_the_signature_and_nothing_else(
    tmp_path: Path, clock: FakeClock, spoilt: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "proof.key").write_bytes(spoilt)
    with caplog.at_level(logging.INFO), opened(tmp_path, clock) as journal:
        plays = [play_once(journal, clock) for _ in range(2)]
        assert [(play.signature, play.key_id) for play in plays] == [(None, None)] * 2
        lines = [row.record for row in journal.plays()]
        (tmp_path / "proof.key").unlink()
        signed(journal, clock)
    assert [record.message for record in caplog.records if record.message.startswith("key.")] == [
        "key.failing",
        "key.signs",
        "key.back",
    ]
    assert verify_export(lines).fault is None
    assert "not signed" in (verify_export(lines, KeyFile(tmp_path).known()).fault or "")


def test_damaged_public_keys_are_written_anew(tmp_path: Path) -> None:
    public = KeyFile(tmp_path).public()
    (tmp_path / "proof.pub").write_bytes(b"rubbish")
    assert KeyFile(tmp_path).public() == public
    assert KeyFile(tmp_path).known() == (public,)


def test_the_private_key_is_in_no_message(tmp_path: Path) -> None:
    pem = b"-----BEGIN PRIVATE KEY-----\nc2VjcmV0c2VjcmV0\n-----END PRIVATE KEY-----\n"
    (tmp_path / "proof.key").write_bytes(pem)
    with pytest.raises(OohError) as raised:
        KeyFile(tmp_path).public()
    assert raised.value.code is Code.JOURNAL_KEY
    assert "c2Vj" not in str(raised.value)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize(
    "pem",
    [
        b"",
        b"-----BEGIN PUBLIC KEY-----\n!!!\n-----END PUBLIC KEY-----\n",
        b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
    ],
)
def test_what_is_no_public_key_is_refused(pem: bytes) -> None:
    with pytest.raises(OohError) as raised:
        read_public_keys(pem)
    assert raised.value.code is Code.JOURNAL_KEY


def test_a_signature_has_one_spelling(tmp_path: Path, clock: FakeClock) -> None:
    """Base64 leaves four bits of the last character unused: they must not be free to change."""
    with opened(tmp_path, clock) as journal:
        play = signed(journal, clock)
    public, signature = KeyFile(tmp_path).public(), play.signature or ""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = letters[letters.index(signature[85]) ^ 1]
    assert base64.b64decode(signature[:85] + other + "==") == base64.b64decode(signature)
    assert not public.verifies(play.hash or "", signature[:85] + other + "==")


def test_it_can_be_loaded_before_it_is_needed(tmp_path: Path, clock: FakeClock) -> None:
    with opened(tmp_path, clock) as journal:
        assert not (tmp_path / "proof.key").exists()
        journal.warm_up()
        assert (tmp_path / "proof.key").exists()
    (tmp_path / "proof.key").write_bytes(b"rubbish")
    with opened(tmp_path, clock) as journal:
        journal.warm_up()  # the first record will say it
