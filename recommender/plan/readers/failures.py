"""The one failure of reading a plan."""

from pathlib import Path

from recommender.errors import BadInput


class UnreadablePlan(BadInput):
    """A plan file that cannot be read; one line says what was found and what was expected."""


def refuse(name: str, found: str, wanted: str) -> UnreadablePlan:
    """Return the failure for the file `name`, worded alike for every kind of file."""
    return UnreadablePlan(one_line(f"{name}: {found}; {wanted}"))


def shown_name(path: Path) -> str:
    """Return the file's name without its folder, which is nobody's business in a message."""
    return one_line(path.name) or "plan"


def one_line(text: str) -> str:
    """Make text safe for one line of a message: a name or a word of a hostile file can hold any."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    words = " ".join(plain.split())
    return words if len(words) <= 300 else words[:299] + "…"
