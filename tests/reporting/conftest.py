"""What the fleet played, and a warehouse over what the stream really received."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reporting import firehose, fleet
from tests.reporting.fleet import Fleet
from tests.reporting.warehouse import Warehouse


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "test")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield fleet.run(tmp_path_factory.mktemp("fleet"))


@pytest.fixture(scope="session")
def lake(played: Fleet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bucket."""
    folder = tmp_path_factory.mktemp("lake")
    firehose.write(played.arrivals, folder / "plays_json")
    for number, file in enumerate(played.exports):
        place = folder / "plays_parquet" / f"dt=2026-11-2{number}" / "hour=00"
        place.mkdir(parents=True)
        shutil.copy(file, place)
    return folder


@pytest.fixture(scope="session")
def warehouse(lake: Path) -> Warehouse:
    made = Warehouse(lake)
    made.create("plays")
    made.create("plays_from_parquet")
    made.fill("screens", [{"screen_id": name, "time_zone": zone} for name, zone in ZONES.items()])
    return made


ZONES = {"screen-1": "America/Los_Angeles", "screen-2": "Asia/Tokyo"}
"""screen-3 is not in the table."""
