"""Forges an export in 10,000 ways: is each one found? ``python -m tests.faults.forge``. Prints its figures last.

The forger has the export, the public key, all of our code and a key of his own; only the screen's private key he lacks.
Nothing but the plays' number is known besides (``--first`` and ``--last`` of ``plays verify``): without it, an export
that was cut off at its beginning or end is a good one of fewer plays.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from cache import Journal, KeyFile, PublicKey, canonical_json, play_hash, verify_export
from tests.cache.shapes import IDENTITY, SINK, make_lease, play_once
from tests.fakes import FakeClock

Forgery = Callable[["Forger"], list[bytes]]
_COVERED = ("shown_ms", "billable", "started_at", "ended_at", "price", "creative_id", "screen_id", "seq", "prev_hash")
_WORST_NAMED = 5


class Forger:
    """Makes one forgery after another of the same lines."""

    def __init__(self, lines: list[bytes], strange: list[bytes], own_key: KeyFile, dice: random.Random) -> None:
        self.lines, self.strange, self.own_key, self.dice = lines, strange, own_key, dice

    def any(self) -> int:
        """The place of any record."""
        return self.dice.randrange(len(self.lines))

    def changed(self, record: dict[str, Any]) -> dict[str, Any]:
        """Another value in one field that the hash covers."""
        name = self.dice.choice([*_COVERED, *record])
        value: Any = record[name]
        if isinstance(value, bool):
            other: Any = not value
        elif isinstance(value, int | float):
            other = value + self.dice.choice((-1, 1, 1_000))
        elif isinstance(value, str) and value:
            at = self.dice.randrange(len(value))
            other = value[:at] + ("0" if value[at] != "0" else "1") + value[at + 1 :]
        elif isinstance(value, dict):
            other = {**value, self.dice.choice(list(value)): "another"}
        else:
            other = "something"
        return {**record, name: other}

    def with_line(self, at: int, record: dict[str, Any]) -> list[bytes]:
        """The lines with another record in one place."""
        return [*self.lines[:at], canonical_json(record), *self.lines[at + 1 :]]


def change_a_field(forger: Forger) -> list[bytes]:
    at = forger.any()
    return forger.with_line(at, forger.changed(json.loads(forger.lines[at])))


def change_and_hash_again(forger: Forger) -> list[bytes]:
    at = forger.any()
    record = forger.changed(json.loads(forger.lines[at]))
    return forger.with_line(at, {**record, "hash": play_hash(record)})


def change_and_sign_by_another_key(forger: Forger) -> list[bytes]:
    at = forger.any()
    record = forger.changed(json.loads(forger.lines[at]))
    signed = forger.own_key.sign(play_hash(record))
    assert signed is not None
    key_id = forger.dice.choice((signed.key_id, record["key_id"]))
    return forger.with_line(at, {**record, "hash": play_hash(record), "signature": signed.signature, "key_id": key_id})


def change_a_byte(forger: Forger) -> list[bytes]:
    at = forger.any()
    line = bytearray(forger.lines[at])
    place = forger.dice.randrange(len(line))
    line[place] ^= 1 << forger.dice.randrange(8)
    return b"\n".join([*forger.lines[:at], bytes(line), *forger.lines[at + 1 :]]).split(b"\n")


def add_or_cut_bytes(forger: Forger) -> list[bytes]:
    at = forger.any()
    line, place = forger.lines[at], forger.dice.randrange(len(forger.lines[at]))
    other = line[:place] + forger.dice.choice((b" ", b"0", b'"x":1,')) + line[place:]
    return [*forger.lines[:at], forger.dice.choice((other, line[:place])), *forger.lines[at + 1 :]]


def take_the_signature_off(forger: Forger) -> list[bytes]:
    at = forger.any()
    record = json.loads(forger.lines[at])
    return forger.with_line(at, {**record, "signature": None, "key_id": None})


def swap_signatures(forger: Forger) -> list[bytes]:
    at, other = forger.dice.sample(range(len(forger.lines)), 2)
    record = json.loads(forger.lines[at])
    return forger.with_line(at, {**record, "signature": json.loads(forger.lines[other])["signature"]})


def remove(forger: Forger) -> list[bytes]:
    at, count = forger.any(), forger.dice.choice((1, 1, 2, 5))
    return forger.lines[:at] + forger.lines[at + count :]


def remove_and_number_anew(forger: Forger) -> list[bytes]:
    """What follows is numbered, chained and hashed anew, so that only the signatures do not fit."""
    at = forger.any()
    lines, before = forger.lines[:at], json.loads(forger.lines[at])["prev_hash"]
    for line in [*forger.lines[at + 1 :], forger.strange[-1]]:
        record = json.loads(line)
        record |= {"seq": len(lines) + 1, "prev_hash": before}
        record["hash"] = before = play_hash(record)
        lines.append(canonical_json(record))
    return lines


def repeat(forger: Forger) -> list[bytes]:
    at, to = forger.any(), forger.any()
    return [*forger.lines[:to], forger.lines[at], *forger.lines[to:]]


def put_one_for_another(forger: Forger) -> list[bytes]:
    at, other = forger.dice.sample(range(len(forger.lines)), 2)
    return [*forger.lines[:at], forger.lines[other], *forger.lines[at + 1 :]]


def swap(forger: Forger) -> list[bytes]:
    at, other = forger.dice.sample(range(len(forger.lines)), 2)
    lines = list(forger.lines)
    lines[at], lines[other] = lines[other], lines[at]
    return lines


def shuffle(forger: Forger) -> list[bytes]:
    lines = list(forger.lines)
    forger.dice.shuffle(lines)
    return lines


def put_in_a_strangers(forger: Forger) -> list[bytes]:
    """A record that another screen signed, of the same seq."""
    at = forger.any()
    return [*forger.lines[:at], forger.strange[at], *forger.lines[at + 1 :]]


FORGERIES: tuple[Forgery, ...] = (
    change_a_field,
    change_and_hash_again,
    change_and_sign_by_another_key,
    change_a_byte,
    add_or_cut_bytes,
    take_the_signature_off,
    swap_signatures,
    remove,
    remove_and_number_anew,
    repeat,
    put_one_for_another,
    swap,
    shuffle,
    put_in_a_strangers,
)


def export(folder: Path, plays: int, screen: str) -> tuple[list[bytes], tuple[PublicKey, ...]]:
    """What a screen really recorded, and its public keys."""
    folder.mkdir()
    clock = FakeClock()
    journal = Journal.open(folder, clock, replace(IDENTITY, screen_id=screen))
    for number in range(plays):
        play_once(journal, clock, make_lease(clock, f"lease-{number}") if number % 3 else None, (SINK,))
    lines = [row.record for row in journal.plays()]
    journal.close()
    return lines, KeyFile(folder, {}).known()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=10_000)
    parser.add_argument("--plays", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    tried: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    dice = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="ooh-forge-") as root:
        lines, keys = export(Path(root) / "screen", options.plays, "screen-1")
        strange, _ = export(Path(root) / "another", options.plays, "screen-2")
        forger = Forger(lines, strange, KeyFile(Path(root), {}), dice)
        whole = verify_export(lines, keys, first=1, last=options.plays).fault
        while tried.total() < options.tries:
            forge = FORGERIES[tried.total() % len(FORGERIES)]
            forged = forge(forger)
            if forged == lines:
                continue  # two equal ones were swapped: nothing was forged
            tried[forge.__name__] += 1
            if verify_export(forged, keys, first=1, last=options.plays).fault is None:
                missed[forge.__name__] += 1
                if missed.total() <= _WORST_NAMED:
                    print(f"NOT FOUND {forge.__name__}", flush=True)
    figures = {
        "tries": tried.total(),
        "found": tried.total() - missed.total(),
        "not_found": missed.total(),
        "by_kind": dict(tried),
        "the_export_itself": whole or "good",
        "plays": options.plays,
        "seconds": round(time.monotonic() - began, 1),
    }
    print(json.dumps(figures))
    return 1 if missed or whole else 0


if __name__ == "__main__":
    sys.exit(main())
