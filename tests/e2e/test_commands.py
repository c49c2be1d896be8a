"""The command line is a contract: exit codes, what is printed where, JSON for machines."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest
from PIL import Image

from player.cli import COMMANDS
from tests.e2e.harness import COMMAND, environ, last_json, ooh_player

pytestmark = pytest.mark.e2e

SUBCOMMANDS = [("plays", "export"), ("plays", "verify"), ("exchange", "try"), ("config", "show")]
SUBCOMMANDS += [("key", "rotate")]
SUBCOMMANDS += [("cache", "ls"), ("cache", "verify"), ("cache", "gc")]


@pytest.mark.parametrize("command", [*((name,) for name in COMMANDS), *SUBCOMMANDS], ids=" ".join)
def test_every_command_has_help_with_an_example_and_takes_a_config(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = ooh_player(*command, "--help", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"Example:  ooh-player {' '.join(command)}" in done.stdout
    group = command in {("exchange",), ("config",), ("cache",)}
    assert group or "--config" in done.stdout


def test_an_unknown_command_is_bad_usage(tmp_path: Path) -> None:
    assert ooh_player("plaz", home=tmp_path).returncode == 2


def test_check_names_file_line_and_key(tmp_path: Path) -> None:
    config = tmp_path / "player.toml"
    config.write_text('[screen]\nid = "a b"\nrotaton = 90\n')
    done = ooh_player("check", "--config", config, home=tmp_path)
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert lines[0].startswith(f"{config}:2: screen.id: ")
    assert lines[1].startswith(f"{config}:3: screen.rotaton: ")
    assert "screen.rotation" in lines[1]


def test_check_of_the_defaults_is_good(tmp_path: Path) -> None:
    done = ooh_player("check", "--json", home=tmp_path)
    assert done.returncode == 0
    assert last_json(done.stdout)["ok"] is True


@pytest.mark.parametrize(
    "command", [("plays",), ("status",), ("doctor",), ("cache", "ls"), ("run",), ("exchange", "try")]
)
def test_a_bad_config_ends_every_command_with_2(tmp_path: Path, command: tuple[str, ...]) -> None:
    config = tmp_path / "player.toml"
    config.write_text("[screen\n")
    done = ooh_player(*command, "--config", config, home=tmp_path)
    assert done.returncode == 2
    assert f"{config}:1:" in done.stderr


def test_a_bad_config_is_json_where_json_was_asked_for(tmp_path: Path) -> None:
    config = tmp_path / "player.toml"
    config.write_text('[screen]\nid = "a b"\n')
    done = ooh_player("status", "--json", "--config", config, home=tmp_path)
    assert done.returncode == 2
    error = last_json(done.stdout)["error"]
    assert error["code"] == "config.invalid"
    assert error["problems"][0].startswith(f"{config}:2: screen.id: ")


@pytest.mark.parametrize(
    "command",
    [("plays", "export", "--out", "no/x"), ("prepare", "a.png", "--out", "a.png/x"), ("sandbox", "--dir", "a.png/x")],
)
def test_a_file_that_cannot_be_written_is_named_without_a_traceback(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "a.png").touch()
    done = ooh_player(*command, home=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("file.unusable: ")
    assert command[-1] in done.stderr
    assert "Traceback" not in done.stderr


def test_a_demo_clears_nobodys_folder(tmp_path: Path) -> None:
    (tmp_path / "kept" / "state").mkdir(parents=True)
    done = ooh_player("demo", "--headless", "--keep", tmp_path / "kept", home=tmp_path)
    assert done.returncode == 1
    assert "demo.folder_taken" in done.stderr
    assert (tmp_path / "kept" / "state").is_dir()


@pytest.mark.parametrize("size", ["99999x1", "1x1", "0x0", "big"])
def test_a_size_that_is_no_screen_is_bad_usage(tmp_path: Path, size: str) -> None:
    done = ooh_player("demo", "--headless", "--size", size, home=tmp_path)
    assert done.returncode == 2
    assert size in done.stderr


def test_a_sandbox_on_a_taken_port_is_bad_usage(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = ooh_player("sandbox", "--port", str(port - 1), home=tmp_path)
    assert done.returncode == 2
    assert f"port {port}" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_demo_that_is_ended_leaves_nothing_behind(tmp_path: Path, number: signal.Signals) -> None:
    (tmp_path / "tmp").mkdir()
    argv = [str(COMMAND), "demo", "--headless"]
    env = environ(tmp_path, TMPDIR=str(tmp_path / "tmp"))
    with subprocess.Popen(argv, env=env, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as demo:
        assert demo.stderr is not None
        while b"plays 0/" not in demo.stderr.readline():
            pass
        demo.send_signal(number)
        rest = demo.communicate(timeout=30)[1]
    assert demo.returncode == 1
    assert b"Traceback" not in rest
    assert list((tmp_path / "tmp").glob("ooh-demo-*")) == []


def test_config_show_tells_where_a_value_came_from(tmp_path: Path) -> None:
    done = ooh_player("config", "show", "--json", home=tmp_path, OOH_PLAYER_SCREEN__ROTATION="90")
    shown = last_json(done.stdout)
    assert shown["screen.rotation"] == {"value": 90, "source": "environment OOH_PLAYER_SCREEN__ROTATION"}
    assert shown["screen.brightness"]["source"] == "default"


def test_prepare_writes_plate_and_picture_and_prints_the_contract(tmp_path: Path) -> None:
    creative = tmp_path / "banner.png"
    Image.new("RGB", (300, 250), "#c03020").save(creative)
    done = ooh_player("prepare", creative, "--size", "1920x1080", "--out", tmp_path / "out", "--json", home=tmp_path)
    assert done.returncode == 0, done.stderr
    told = last_json(done.stdout)
    assert set(told) == {"kind", "source_size", "layout", "scale", "duration_ms", "frames", "warnings"}
    assert told["source_size"] == [300, 250]
    x, y, w, h = told["layout"]["creative"]
    assert abs(w / h - 300 / 250) < 0.002
    with Image.open(tmp_path / "out" / "first.png") as picture:
        assert picture.size == (1920, 1080)
        assert picture.convert("RGB").getpixel((x + w // 2, y + h // 2)) == (0xC0, 0x30, 0x20)
    assert {path.suffix for path in (tmp_path / "out").iterdir()} == {".plate", ".png"}


def test_prepare_leaves_no_state_behind(tmp_path: Path) -> None:
    creative = tmp_path / "banner.png"
    Image.new("RGB", (300, 250)).save(creative)
    home = tmp_path / "home"
    home.mkdir()
    done = ooh_player("prepare", creative, "--out", tmp_path / "out", home=home)
    assert done.returncode == 0, done.stderr
    assert not list(home.iterdir())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_prepare_that_is_ended_leaves_no_half_plate(tmp_path: Path, number: signal.Signals) -> None:
    frames = [Image.effect_noise((600, 500), 80) for _ in range(20)]
    frames[0].save(tmp_path / "long.gif", save_all=True, append_images=frames[1:])
    out = tmp_path / "out"
    argv = [str(COMMAND), "prepare", "long.gif", "--out", str(out)]
    with subprocess.Popen(argv, env=environ(tmp_path), cwd=tmp_path, stderr=subprocess.PIPE) as prepare:
        while not list(out.glob("*.part")):
            assert prepare.poll() is None
            time.sleep(0.01)
        prepare.send_signal(number)
        rest = prepare.communicate(timeout=30)[1]
    assert prepare.returncode == 1
    assert b"Traceback" not in rest
    assert list(out.iterdir()) == []


def test_prepare_takes_any_size_that_has_a_pixel(tmp_path: Path) -> None:
    Image.new("RGB", (300, 250), "#c03020").save(tmp_path / "a.png")
    done = ooh_player("prepare", "a.png", "--size", "1x1", "--out", "out", "--json", home=tmp_path)
    assert last_json(done.stdout)["layout"] == {"creative": [0, 0, 1, 1], "panels": []}


def broken(folder: Path, name: str) -> Path:
    file = folder / name
    if name == "pipe":
        os.mkfifo(file)
    elif name == "folder":
        file.mkdir()
    elif name == "missing":
        return file
    elif name == "truncated.jpg":
        Image.effect_noise((600, 500), 80).save(file, quality=90)
        file.write_bytes(file.read_bytes()[:8000])
    elif name == "pixel.gif":
        Image.new("P", (1, 1)).save(file)
    elif name == "page.png":
        file.write_text("<!doctype html><title>Log in</title>")
    else:
        file.write_bytes(b"" if name == "empty.png" else b"\x00\x01 nothing known " * 20)
    return file


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("truncated.jpg", "creative.truncated"),
        ("pixel.gif", "creative.too_small"),
        ("page.png", "creative.not_an_image"),
        ("empty.png", "creative.empty"),
        ("noise.bin", "creative.unsupported"),
        ("pipe", "creative.unsupported"),
        ("folder", "creative.unsupported"),
        ("missing", "prepare.storage"),
    ],
)
def test_prepare_refuses_with_a_code(tmp_path: Path, name: str, code: str) -> None:
    done = ooh_player("prepare", broken(tmp_path, name), "--out", tmp_path / "out", "--json", home=tmp_path)
    assert done.returncode == 1
    error = last_json(done.stdout)["error"]
    assert error["code"] == code
    assert error["message"]


def test_plays_of_a_new_player_are_none(tmp_path: Path) -> None:
    done = ooh_player("plays", home=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")


def test_verify_names_the_first_bad_record(tmp_path: Path) -> None:
    file = tmp_path / "plays.jsonl"
    file.write_text(json.dumps({"schema": "ooh.play/1", "seq": 1, "id": "x", "hash": "0"}) + "\n")
    done = ooh_player("plays", "verify", file, home=tmp_path)
    assert done.returncode == 1
    assert "line 1" in done.stderr


def test_status_of_nothing_running_is_not_good(tmp_path: Path) -> None:
    done = ooh_player("status", "--json", home=tmp_path)
    assert done.returncode == 1
    assert last_json(done.stdout)["processes"]["screen"]["running"] is False


def test_a_screenshot_without_a_screen_says_what_to_do(tmp_path: Path) -> None:
    done = ooh_player("screenshot", tmp_path / "now.png", home=tmp_path)
    assert done.returncode == 1
    assert "screen.not_running" in done.stderr
    assert "next:" in done.stderr


def test_the_doctor_tells_what_to_do_and_ends_in_time(tmp_path: Path) -> None:
    done = ooh_player("doctor", "--json", home=tmp_path, timeout_s=20)
    told = last_json(done.stdout)
    assert done.returncode == (0 if told["ok"] else 1)
    names = {finding["name"] for finding in told["findings"]}
    assert {"display", "clock", "disk", "exchange", "stream", "fonts", "permissions", "temperature"} <= names
    assert all(finding["next_step"] for finding in told["findings"] if finding["grade"] != "ok")
