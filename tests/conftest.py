"""What every test shares."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from tests.fakes import FakeClock

# `make test` says the same of the same tree every time; HYPOTHESIS_PROFILE=default looks for new cases.
settings.register_profile("settled", derandomize=True, deadline=None)  # machines are noisy
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "settled"))


@pytest.fixture
def clock() -> FakeClock:
    """A clock moved by hand."""
    return FakeClock()
