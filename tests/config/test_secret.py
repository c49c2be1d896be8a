"""Secrets: read from files, told in no message."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import ConfigError, read_secret


def test_a_whole_path_loses_one_newline(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_bytes(b"hush \n\n")
    assert read_secret(str(file)) == "hush \n"
    file.write_bytes(b"hush\r\n")
    assert read_secret(str(file)) == "hush"
    file.write_bytes(b"hush")
    assert read_secret(str(file)) == "hush"


def test_a_bare_name_is_a_credential(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text("hush\n", "utf-8")
    assert read_secret("token", {"CREDENTIALS_DIRECTORY": str(tmp_path)}) == "hush"
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert read_secret("token") == "hush"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (None, "the secret cannot be read: No such file or directory"),
        (b"\n", "the file is empty"),
        (b"hush\xff", "not UTF-8 text"),
        (b"h" * 65_537, "larger than 65536 bytes; this is no secret"),
    ],
)
def test_what_cannot_be_used(tmp_path: Path, data: bytes | None, told: str) -> None:
    file = tmp_path / "token"
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(ConfigError) as caught:
        read_secret(str(file))
    assert [str(problem) for problem in caught.value.problems] == [f"{file}: {told}"]
    assert caught.value.__cause__ is None or "hush" not in repr(caught.value.__cause__)


def test_a_bare_name_without_credentials() -> None:
    with pytest.raises(ConfigError, match="CREDENTIALS_DIRECTORY is not set; write the whole path"):
        read_secret("token", {})


def test_a_file_of_the_players_folder_of_secrets_is_found_by_its_name(tmp_path: Path) -> None:
    # systemd names it so: LoadCredential=ooh:/etc/ooh-player/secrets (systemd.exec(5): a directory's files get the id)
    (tmp_path / "ooh_exchange-token").write_text("abc\n", encoding="utf-8")
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert read_secret("exchange-token", environ) == "abc"
    (tmp_path / "exchange-token").write_text("its own\n", encoding="utf-8")
    assert read_secret("exchange-token", environ) == "its own"
