"""Puts the shared strategies within reach of the tests of this folder."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "strategies"))
