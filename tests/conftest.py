"""What all tests share: vectors are kept in a folder of this run, never in the user's own."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

_FOLDER = tempfile.mkdtemp(prefix="lianqiao-vectors-")
os.environ["LIANQIAO_CACHE"] = _FOLDER
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
