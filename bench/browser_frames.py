"""Asks Chromium what it sees in every file of the animations' conformance tables: ``python -m bench.browser_frames``.

Its own decoder answers (``ImageDecoder``, WebCodecs): pixels, delays and repeats of each frame. Rows whose rule says so
differ on purpose. Needs ``chromium-headless-shell``; the page comes from this machine and nothing leaves it.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image

from config import OohError
from renderer.prepare._animation import Animation
from renderer.prepare._apng import open_apng
from renderer.prepare._gif import open_gif
from renderer.prepare._webp_animation import open_webp
from tests.renderer.prepare import apng_rows, gif_rows, webp_rows
from tests.renderer.prepare.animation_rows import LIMITS, Row, look

_TABLES = (
    ("image/gif", open_gif, gif_rows.ROWS),
    ("image/png", open_apng, apng_rows.ROWS),
    ("image/webp", open_webp, webp_rows.ROWS),
)
_ON_PURPOSE = ("Firefox", "stricter", "whole", "kinder")
_PATIENCE_S = 60
_PAGE = """<!doctype html><script>
const late = (promise) => Promise.race([promise, new Promise((_, no) => setTimeout(() => no("late"), 500))]);
async function seen(file) {
  const data = Uint8Array.from(atob(file.data), (c) => c.charCodeAt(0));
  const answer = {repeats: 0, frames: []};
  try {
    const decoder = new ImageDecoder({data, type: file.type, preferAnimation: true});
    await late(decoder.tracks.ready);
    await late(decoder.completed);
    const track = decoder.tracks.selectedTrack;
    answer.repeats = track.repetitionCount === Infinity ? -1 : track.repetitionCount;
    for (let i = 0; i < track.frameCount; i++) {
      const {image} = await late(decoder.decode({frameIndex: i}));
      const canvas = new OffscreenCanvas(image.displayWidth, image.displayHeight);
      const context = canvas.getContext("2d");
      context.drawImage(image, 0, 0);
      const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
      answer.frames.push({w: canvas.width, h: canvas.height, us: image.duration || 0,
                          pixels: btoa(String.fromCharCode(...pixels))});
      image.close();
    }
  } catch (error) { answer.error = String(error); }
  return answer;
}
(async () => {
  const answers = [];
  for (const file of FILES) answers.push(await seen(file));
  await fetch("/", {method: "POST", body: JSON.stringify(answers)});
})();
</script>"""


def main() -> None:
    differing = 0
    for mime, opener, rows in _TABLES:
        answers = _asked([{"type": mime, "data": base64.b64encode(row.data).decode()} for row in rows])
        for row, answer in zip(rows, answers, strict=True):
            ours, theirs = _ours(opener(row.data, LIMITS)), _theirs(answer)
            if ours != theirs and not _on_purpose(row):
                differing += 1
                sys.stdout.write(f"{mime}: {row.rule}\n  here     {ours}\n  Chromium {theirs}\n")
        meant = sum(_on_purpose(row) for row in rows)
        sys.stdout.write(f"{mime}: {len(rows)} rows, {meant} of them differ on purpose\n")
    sys.stdout.write(f"rows that differ and should not: {differing}\n")
    sys.exit(differing > 0)


def _on_purpose(row: Row) -> bool:
    return row.rule.startswith(_ON_PURPOSE)


def _ours(animation: Animation | None) -> tuple[str, list[int], int]:
    if animation is None:
        return "", [], 0
    words, delays = list[str](), list[int]()
    try:
        for picture, delay_ms in animation.pictures():
            words.append(look(picture))
            delays.append(delay_ms)
    except OohError as error:
        words.append(error.code.code)
    return " ".join(words), delays, animation.loops if len(words) > 1 else 1


def _theirs(answer: dict[str, Any]) -> tuple[str, list[int], int]:
    """Delays as a page shows them: `ImageDecoder` tells those of the file."""
    words, delays = list[str](), list[int]()
    for frame in answer["frames"]:
        raw = base64.b64decode(frame["pixels"])
        words.append(look(Image.frombytes("RGBA", (frame["w"], frame["h"]), raw)))
        given_ms = frame["us"] // 1000
        delays.append(100 if given_ms <= 10 else given_ms)
    return " ".join(words), delays, answer["repeats"] + 1 if len(words) > 1 else 1


def _asked(files: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Chromium's answer to each file."""
    page = _PAGE.replace("FILES", json.dumps(files)).encode()
    answers: list[list[dict[str, Any]]] = []
    done = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing to say."""

        def do_GET(self) -> None:
            self._answer(page)

        def do_POST(self) -> None:
            answers.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self._answer(b"")
            done.set()

        def _answer(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server, tempfile.TemporaryDirectory() as home:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        command = ["chromium-headless-shell", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"]
        address = f"http://127.0.0.1:{server.server_port}/"
        with subprocess.Popen(
            [*command, f"--user-data-dir={home}/profile", address],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as browser:
            done.wait(_PATIENCE_S)
            os.killpg(browser.pid, signal.SIGKILL)
        server.shutdown()
    if not answers:
        sys.exit("Chromium did not answer")
    return answers[0]


if __name__ == "__main__":
    main()
