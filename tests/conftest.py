"""What every test shares: how Hypothesis searches, in which language answers come, where a server of one's own is.

Fixtures live beside the tests that need them.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

# No deadline anywhere: a busy machine is not a defect.
settings.register_profile(
    "steady", deadline=None, derandomize=True, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "search", deadline=None, max_examples=2000, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")

os.environ["WORDKEPT_LANG"] = "en"  # whatever the developer's own is


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--dsn``: a PostgreSQL of one's own, for the tests that want one beside the embedded server."""
    parser.addoption(
        "--dsn", default=None, help="a PostgreSQL (15 or newer) on which tests may create databases and roles"
    )
