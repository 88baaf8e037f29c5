"""Where the recordings and machines that judge the project lie: a folder beside the checkout, not part of it.

Tests that need it skip with a reason where it is absent.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the folder of recordings is not beside this checkout")


def compare() -> Any:
    """The comparer of the recordings."""
    folder = str(SHARED / "conformance")
    if folder not in sys.path:
        sys.path.insert(0, folder)
    import compare as module

    return module
