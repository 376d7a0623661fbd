"""A strategy's text -> the practices it may adopt, each with what speaks for and against it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from recommender.errors import BadCorpus
from recommender.index.encoder import Vectors
from recommender.plan.adoption import AdoptionModel, adoption_features
from recommender.plan.cues import Cue, CueBook
from recommender.plan.guides import GuideContent, GuideMatch, NamedContent
from recommender.plan.mentions import Mention, NameTable, read_ambiguous
from recommender.plan.probability import (
    GUIDE_WEIGHTS,
    MENTION_ONLY,
    NAME_WEIGHTS,
    guide_features,
    name_features,
    probability,
)
from recommender.search.recommender import Recommender, has_no_good_match
from recommender.search.signals import match_text

# A statement whose nearest passage is less like it than this is about no practice of the
# collection; docs/results/plan_check.md tells what it leaves to people.
LEAST_LIKENESS = 0.57
_SMALL = re.compile(r"\b[a-z]+\b")
AMBIGUOUS = "ambiguous_aliases.txt"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A practice that a strategy may adopt."""

    practice_ids: tuple[str, ...]
    """One practice, or the siblings of one programme; several programmes where a name is shared."""
    quote: str
    probability: float
    cues: tuple[Cue, ...]
    features: Mapping[str, float]
    mention: Mention | None = None
    """`None` for a recommendation followed by its content."""
    guide: GuideMatch | None = None
    words: tuple[str, ...] = ()
    """What the adoption model reads; empty for a recommendation."""

    @property
    def is_blocked(self) -> bool:
        """True where the plan's words say that it is not adopted."""
        return any(cue.effect == "none" for cue in self.cues)

    @property
    def is_only_mentioned(self) -> bool:
        """True where the words around a name are not those of adopting it."""
        asks = any(c.effect == "review" and c.group != "mtss_tier" for c in self.cues)
        return self.mention is not None and self.probability < MENTION_ONLY and not asks


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in one strategy."""

    text: str
    about: tuple[Cue, ...]
    """Cues that the statement is no strategy at all."""
    cues: tuple[Cue, ...]
    """Cues anywhere in it."""
    named: tuple[Candidate, ...]
    unknown_names: tuple[str, ...]
    """Names known to be other products."""
    guide: Candidate
    is_about_nothing: bool
    """Nothing in the collection is about it."""
    vector: npt.NDArray[np.float32]
    """Of the text without the figures that swamp its meaning."""


class Linker:
    """Reads strategies with one index; build it once."""

    def __init__(
        self,
        recommender: Recommender,
        cues: CueBook,
        ambiguous: frozenset[str],
        adoption: AdoptionModel,
    ) -> None:
        index = recommender.index
        self._adoption = adoption
        self._search = recommender
        self._cues = cues
        # Only as written in small letters: a name in capitals does not make a word ordinary.
        known = {w for p in index.passages for w in _SMALL.findall(p.text)}
        self._names = NameTable(index.cards, ambiguous, known)
        self._guides = GuideContent(index)
        self._content = NamedContent(index)
        self._table = recommender.table

    @classmethod
    def open(cls, recommender: Recommender, corpus: Path) -> "Linker":
        """Read the lists of a corpus folder.

        Raises:
            BadCorpus: a list is missing or broken.
        """
        try:
            ambiguous = read_ambiguous((corpus / AMBIGUOUS).read_text("utf-8"))
        except OSError as error:
            raise BadCorpus(f"{corpus / AMBIGUOUS}: {error.strerror}") from None
        return cls(recommender, CueBook.read(corpus), ambiguous, AdoptionModel.read(corpus))

    def read(self, texts: Sequence[str]) -> tuple[Reading, ...]:
        """Read strategies; the order in which they come changes nothing."""
        reader = self._search.reader
        vectors = self._search.encoder.encode([reader.clean(t) or t for t in texts])
        return tuple(self._read(text, vector) for text, vector in zip(texts, vectors))

    def _read(self, text: str, vector: npt.NDArray[np.float32]) -> Reading:
        mentions = self._names.find(text)
        return Reading(
            text=text,
            about=self._cues.about(text),
            cues=self._cues.within(text),
            named=tuple(self._named(text, m, mentions, vector) for m in mentions if m.practice_ids),
            unknown_names=tuple(text[m.start : m.end] for m in mentions if not m.practice_ids),
            guide=self._by_content(text, vector),
            is_about_nothing=self._is_about_nothing(text, vector),
            vector=vector,
        )

    def _named(
        self, text: str, mention: Mention, all_found: Sequence[Mention], vector: Vectors
    ) -> Candidate:
        cues = self._cues.near(text, mention.start, mention.end)
        others = {m.practice_ids for m in all_found if not m.is_weak} - {mention.practice_ids}
        place = (mention.start, mention.end)
        elsewhere = [(m.start, m.end) for m in all_found if m is not mention]
        words = adoption_features(text, place, elsewhere, cues)
        features = name_features(
            mention,
            self._content.cosine(vector, mention.practice_ids),
            self._adoption.logit(words),
            len(others),
        )
        return Candidate(
            practice_ids=mention.practice_ids,
            quote=text[mention.start : mention.end],
            probability=probability(features, NAME_WEIGHTS),
            cues=cues,
            features=features,
            mention=mention,
            words=words,
        )

    def _by_content(self, text: str, vector: npt.NDArray[np.float32]) -> Candidate:
        match = self._guides.nearest(text, vector)
        cues = self._cues.whole(text)
        features = guide_features(
            match,
            any(c.effect == "none" for c in cues),
            any(c.effect == "review" and c.group != "mtss_tier" for c in cues),
        )
        return Candidate(
            practice_ids=(match.practice_id,),
            quote=" ".join(text.split()),
            probability=probability(features, GUIDE_WEIGHTS),
            cues=cues,
            features=features,
            guide=match,
        )

    def _is_about_nothing(self, text: str, vector: npt.NDArray[np.float32]) -> bool:
        query = self._search.reader.read(text)
        match = match_text(self._search.index, self._table, query, vector[None, :])
        nearest = float(match.whole[self._table.searchable].max(initial=-1))
        return nearest < LEAST_LIKENESS or has_no_good_match(query, match, self._table.searchable)
