"""A strategy's text -> the practices it may adopt, each with what speaks for and against it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from recommender.index.encoder import Vectors
from recommender.index.placed import Array, Placed, PlacedText
from recommender.plan.adoption import (
    ADOPTION,
    DOING,
    WordModel,
    adoption_features,
    statement_features,
)
from recommender.plan.authors import Authors
from recommender.plan.cues import Cue, CueBook
from recommender.plan.guides import GuideContent, GuideMatch, NamedContent
from recommender.plan.known_names import NameLists
from recommender.plan.meaning import MeaningModel
from recommender.plan.mentions import Mention, NameTable
from recommender.plan.places import cleaned
from recommender.plan.probability import (
    EVEN,
    GUIDE_WEIGHTS,
    MENTION_ONLY,
    NAME_WEIGHTS,
    WEAK_NAME_THRESHOLD,
    guide_features,
    name_features,
    probability,
)
from recommender.search.recommender import Recommender, has_no_good_match
from recommender.search.signals import WholeMatch, match_whole

# A statement whose nearest passage is less like it than this is about no practice of the
# collection; docs/results/plan_check.md tells what it leaves to people.
LEAST_LIKENESS = 0.57
_SMALL = re.compile(r"\b[a-z]+\b")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A practice that a strategy may adopt."""

    practice_ids: tuple[str, ...]
    """One practice, or the siblings of one programme; several programmes where a name is shared."""
    quote: str
    probability: float
    cues: tuple[Cue, ...]
    features: Mapping[str, float]
    nearest: str | None = None
    """Of several practices, the one whose content is nearest to the text."""
    mention: Mention | None = None
    """`None` for a recommendation followed by its content."""
    guide: GuideMatch | None = None
    words: tuple[str, ...] = ()
    """What the adoption model reads; empty for a recommendation."""
    around: Array | None = None
    """What the meaning model reads, as in `Placed`; `None` for a recommendation."""

    @property
    def blocking(self) -> tuple[Cue, ...]:
        """The cues that it is not adopted, without those that give way to a very sure reading."""
        sure = self.mention is not None and self.probability >= WEAK_NAME_THRESHOLD
        return tuple(c for c in self.cues if c.effect == "none" and not (sure and c.yields))

    @property
    def is_blocked(self) -> bool:
        """True where the plan's words say that it is not adopted, and all around do not object."""
        if self.mention is None:
            return bool(self.blocking)
        limits = [EVEN if cue.yields else WEAK_NAME_THRESHOLD for cue in self.blocking]
        return any(self.probability < limit for limit in limits)

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
    words: tuple[str, ...]
    """What the model of doing reads."""
    doing: float
    """Logit that the statement says what the school will do, not what it has, wants or ended."""


@dataclass(frozen=True, slots=True)
class WordModels:
    """What has learnt from labelled statements how adopting is said."""

    adoption: WordModel
    meaning: MeaningModel
    doing: WordModel

    @classmethod
    def read(cls, corpus: Path) -> "WordModels":
        """Read the models of a corpus folder.

        Raises:
            BadCorpus: one is missing or of another shape.
        """
        adoption, doing = WordModel.read(corpus, ADOPTION), WordModel.read(corpus, DOING)
        return cls(adoption, MeaningModel.read(corpus), doing)


class Linker:
    """Reads strategies with one index; build it once."""

    def __init__(
        self,
        recommender: Recommender,
        cues: CueBook,
        names: NameLists,
        models: WordModels,
    ) -> None:
        index = recommender.index
        self._models = models
        self._search = recommender
        self._cues = cues
        # Only as written in small letters: a name in capitals does not make a word ordinary.
        known = {w for p in index.passages for w in _SMALL.findall(p.text)}
        self._authors = Authors(index.cards)
        self._names = NameTable(index.cards, names.ambiguous, known, names.generic)
        self._guides = GuideContent(index)
        self._content = NamedContent(index)
        self._table = recommender.table

    @classmethod
    def open(cls, recommender: Recommender, corpus: Path) -> "Linker":
        """Read the lists of a corpus folder.

        Raises:
            BadCorpus: a list is missing or broken.
        """
        models = WordModels.read(corpus)
        return cls(recommender, CueBook.read(corpus), NameLists.read(corpus), models)

    def read(self, texts: Sequence[str]) -> tuple[Reading, ...]:
        """Read strategies; the order in which they come changes nothing."""
        found = [self._mentions(text) for text in texts]
        asked = [self._placed(text, mentions) for text, mentions in zip(texts, found)]
        placed = self._search.encoder.encode_places(asked)
        if not placed:
            return ()
        vectors = np.stack([each.vector for each in placed])
        matches = match_whole(self._search.index, self._table, vectors)
        return tuple(self._read(*each) for each in zip(texts, found, placed, matches))

    def asked(self, text: str) -> PlacedText:
        """Return what `read` has encoded, so that many plans can share a batch."""
        return self._placed(text, self._mentions(text))

    def _mentions(self, text: str) -> tuple[Mention, ...]:
        return tuple(self._authors.settle(text, m) for m in self._names.find(text))

    def _placed(self, text: str, mentions: Sequence[Mention]) -> PlacedText:
        return cleaned(self._search.reader.clean, text, [(m.start, m.end) for m in mentions])

    def _read(
        self, text: str, mentions: Sequence[Mention], placed: Placed, match: WholeMatch
    ) -> Reading:
        vector = placed.vector
        cues = self._cues.whole(text)
        words = statement_features(text, [(m.start, m.end) for m in mentions], cues)
        doing = self._models.doing.logit(words)
        return Reading(
            text=text,
            about=self._cues.about(text),
            cues=self._cues.within(text),
            named=tuple(
                self._named(text, mention, mentions, vector, near)
                for mention, near in zip(mentions, placed.around)
                if mention.practice_ids
            ),
            unknown_names=tuple(text[m.start : m.end] for m in mentions if not m.practice_ids),
            guide=self._by_content(text, vector, doing, cues),
            is_about_nothing=self._is_about_nothing(text, match),
            vector=vector,
            words=words,
            doing=doing,
        )

    def _named(
        self,
        text: str,
        mention: Mention,
        all_found: Sequence[Mention],
        vector: Vectors,
        around: Array,
    ) -> Candidate:
        cues = self._cues.near(text, mention.start, mention.end)
        others = {m.practice_ids for m in all_found if not m.is_weak} - {mention.practice_ids}
        place = (mention.start, mention.end)
        elsewhere = [(m.start, m.end) for m in all_found if m is not mention]
        words = adoption_features(text, place, elsewhere, cues)
        features = name_features(
            mention,
            self._content.cosine(vector, mention.practice_ids),
            len(others),
            self._models.adoption.logit(words),
            self._models.meaning.logit(around),
        )
        return Candidate(
            practice_ids=mention.practice_ids,
            quote=text[mention.start : mention.end],
            probability=probability(features, NAME_WEIGHTS),
            cues=cues,
            features=features,
            nearest=self._nearest(mention.practice_ids, vector),
            mention=mention,
            words=words,
            around=around,
        )

    def _nearest(self, practice_ids: Sequence[str], vector: Vectors) -> str:
        if len(practice_ids) == 1:
            return practice_ids[0]
        return max(practice_ids, key=lambda i: (self._content.cosine(vector, [i]), i))

    def _by_content(
        self, text: str, vector: Vectors, doing: float, cues: tuple[Cue, ...]
    ) -> Candidate:
        match = self._guides.nearest(text, vector)
        features = guide_features(
            match,
            doing,
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

    def _is_about_nothing(self, text: str, match: WholeMatch) -> bool:
        query = self._search.reader.read(text)
        nearest = float(match.whole[self._table.searchable].max(initial=-1))
        return nearest < LEAST_LIKENESS or has_no_good_match(query, match, self._table.searchable)
