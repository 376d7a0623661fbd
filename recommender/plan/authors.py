"""Practices that the WWC knows by their study's authors: `Fact retrieval tutoring—Fuchs et al.`.

Their names alone are words of every day; with the authors in the text they are one programme.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from recommender.index.catalogue import Card
from recommender.index.documents import plain_name
from recommender.plan.mentions import Mention

_SURNAME = re.compile(r"\b[A-Z][\w'’-]+")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# Letters after a surname in which a citation goes on.
CITATION = 12


class Authors:
    """Authors and years in the names of practices."""

    def __init__(self, cards: Iterable[Card]) -> None:
        self._cited: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
            card.practice.practice_id: (surnames, years)
            for card in cards
            for surnames, years in (_cited(card.practice.name),)
            if surnames and years
        }

    def settle(self, text: str, mention: Mention) -> Mention:
        """Return the mention with the practices whose authors the text names, sure of its name."""
        named = set(_SURNAME.findall(text))
        shared = {i: self._authors(i) & named for i in mention.practice_ids}
        most = max(map(len, shared.values()), default=0)
        if most == 0:
            return mention
        chosen = self._of_year(text, [i for i, names in shared.items() if len(names) == most])
        settled = replace(mention, practice_ids=tuple(chosen))
        if not any(self._is_cited(text, i, shared[i]) for i in chosen):
            return settled
        beside = None if settled.extension in named else settled.extension
        return replace(
            settled,
            is_weak=False,
            is_ambiguous=False,
            is_generic=False,
            is_capitalised=True,
            extension=beside,
        )

    def _is_cited(self, text: str, practice_id: str, surnames: Collection[str]) -> bool:
        """Tell a citation from a teacher who has an author's name."""
        years = self._cited[practice_id][1]
        near = [text[m.end() : m.end() + CITATION] for n in surnames for m in re.finditer(n, text)]
        return len(surnames) > 1 or any("et al" in n or any(y in n for y in years) for n in near)

    def _authors(self, practice_id: str) -> frozenset[str]:
        return self._cited.get(practice_id, (frozenset(), frozenset()))[0]

    def _of_year(self, text: str, chosen: Sequence[str]) -> Sequence[str]:
        years = set(_YEAR.findall(text))
        return [i for i in chosen if self._cited[i][1] & years] or chosen


def _cited(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the surnames and years of the citation that ends a name."""
    plain = plain_name(name)
    citation = name[len(plain) :] if name.startswith(plain) else ""
    return frozenset(_SURNAME.findall(citation)), frozenset(_YEAR.findall(citation))
