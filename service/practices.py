"""Finding practices by name and plain filters."""

from collections.abc import Sequence
from dataclasses import dataclass

from recommender.index.catalogue import Card


@dataclass(frozen=True, slots=True)
class PracticeFilter:
    """What a list of practices is narrowed by; `None` means anything."""

    text: str | None = None
    tier: int | None = None
    turnaround_practice: int | None = None
    grade: str | None = None
    domain: str | None = None


def find_practices(cards: Sequence[Card], wanted: PracticeFilter) -> list[Card]:
    """Return the cards that pass, by name and then id; those only postsecondary come last."""
    found = [card for card in cards if _passes(card, wanted)]
    return sorted(
        found,
        key=lambda card: (
            card.practice.postsecondary_only,
            card.practice.name.lower(),
            card.practice.practice_id,
        ),
    )


def _passes(card: Card, wanted: PracticeFilter) -> bool:
    practice, profile = card.practice, card.profile
    if wanted.text and not _names(card, wanted.text):
        return False
    if wanted.tier is not None and practice.tier != wanted.tier:
        return False
    if wanted.turnaround_practice is not None and (
        profile is None or wanted.turnaround_practice not in profile.turnaround_practices
    ):
        return False
    if wanted.grade is not None and wanted.grade not in practice.sample.grades:
        return False
    domains = {domain.outcome_domain.lower() for domain in practice.domains}
    return wanted.domain is None or wanted.domain.strip().lower() in domains


def _names(card: Card, text: str) -> bool:
    aliases = card.profile.aliases if card.profile else ()
    names = " | ".join((card.practice.practice_id, card.practice.name, *aliases)).lower()
    return all(word in names for word in text.lower().split())
