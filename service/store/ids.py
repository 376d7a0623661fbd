"""Ids and times as the store writes them."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)


def as_text(moment: datetime) -> str:
    """Return a time as ISO text of fixed length in UTC, so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def new_id(moment: datetime) -> str:
    """Return a UUID of version 7: ordered by time, and not to be guessed."""
    milliseconds = int(moment.timestamp() * 1000) & (1 << 48) - 1
    chance = secrets.randbits(74)
    number = milliseconds << 80 | 7 << 76 | (chance >> 62) << 64 | 2 << 62 | chance & (1 << 62) - 1
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def digest(text: str | bytes) -> str:
    """Return the SHA-256 of a text in hexadecimal."""
    return sha256(text.encode() if isinstance(text, str) else text).hexdigest()
