"""Practices that a text names outright."""

import re
from collections.abc import Iterable, Sequence

from recommender.index.catalogue import Card
from recommender.index.documents import plain_name

# One-word names and very short ones are too often ordinary words.
MIN_NAME_LETTERS = 6


class NameFinder:
    """Finds practice names and aliases as whole words in a text, capitals ignored."""

    def __init__(self, cards: Sequence[Card]) -> None:
        self._numbers: dict[str, list[int]] = {}
        for number, card in enumerate(cards):
            for name in set(_names(card)):
                self._numbers.setdefault(name, []).append(number)
        self._longest = max((len(name.split()) for name in self._numbers), default=0)

    def named(self, text: str) -> tuple[int, ...]:
        """Return the numbers of the practices named, ascending."""
        parts = _flat(text).split()
        found: set[int] = set()
        for start in range(len(parts)):
            for end in range(start + 1, min(len(parts), start + self._longest) + 1):
                found.update(self._numbers.get(" ".join(parts[start:end]), ()))
        return tuple(sorted(found))


def _names(card: Card) -> Iterable[str]:
    aliases = card.profile.aliases if card.profile else ()
    full = plain_name(card.practice.name)
    without_abbreviation = re.sub(r"\s*\([^()]*\)$", "", full)
    for name in (full, without_abbreviation, *aliases):
        flat = _flat(name)
        if len(flat) >= MIN_NAME_LETTERS and (" " in flat or name[:1].isupper()):
            yield flat


def _flat(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower().replace("’", "'").replace("'", "")))
