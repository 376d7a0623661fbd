"""One spelling of a result: the same facts are the same bytes."""

import json
from typing import Any


def canonical_bytes(record: Any) -> bytes:
    """Return JSON with sorted keys and no spaces, in UTF-8."""
    text = json.dumps(
        record, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    # A lone surrogate in a file name has no UTF-8; the escape is the same character in JSON.
    return text.encode("utf-8", "backslashreplace")
