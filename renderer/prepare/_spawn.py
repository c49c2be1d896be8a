"""Starts the child processes that prepare creatives: nothing of ours reaches them but where the code is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import IO

_ROOT = Path(__file__).parents[2]


def spawn(module: str, last_words: IO[bytes], **environment: str) -> subprocess.Popen[bytes]:
    """``python -m module`` in a session of its own, its standard error going to ``last_words``.

    ``environment``: variables that it needs besides. The path to the code is among them in a checkout only.
    """
    whole = {"LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", **environment}
    if not any(str(_ROOT) == entry and "site-packages" in entry for entry in sys.path):
        whole["PYTHONPATH"] = str(_ROOT)
    return subprocess.Popen(
        [sys.executable, "-s", "-P", "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=last_words,
        cwd="/",
        env=whole,
        start_new_session=True,
    )
