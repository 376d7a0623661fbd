"""One strategy that was read -> its verdict. In doubt a person decides; nothing close passes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from recommender.index.catalogue import Card
from recommender.plan.grades import grades_worked_in, meant_in_grades
from recommender.plan.link import Candidate, Reading
from recommender.plan.mentions import Mention
from recommender.plan.probability import (
    EVEN,
    GUIDE_THRESHOLD,
    LEAST_DOING,
    LEAST_SHOWN,
    NAME_THRESHOLD,
    SURE_DOING,
)
from recommender.plan.reasons import (
    NOTHING_NEAR,
    WHICH_PRACTICE,
    doubts,
    met_reasons,
    question_about,
    standing_reason,
    why_not_adopted,
    word_reasons,
)
from recommender.plan.school import Local, Standing, judge_locally
from recommender.plan.verdicts import Strategy, StrategyVerdict, Verdict
from recommender.records import Context

# A phrase in small letters less likely than this to be a programme is read as plain words.
CHANCE = 0.40
# A threshold that no probability passes.
NEVER = 1.01


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities above which a link counts as adopted."""

    name: float = NAME_THRESHOLD
    guide: float = GUIDE_THRESHOLD


def judge(
    strategy: Strategy,
    reading: Reading,
    school: Context,
    cards: Mapping[str, Card],
    thresholds: Thresholds,
) -> StrategyVerdict:
    """Judge one strategy: its names first, then its content."""
    if reading.about:
        cue = reading.about[0]
        return _plain(strategy, Verdict.NO_EVIDENCE_FOUND, (f"“{cue.words}”: {cue.says}",))
    said = grades_worked_in(reading)
    judged = [
        _judge_candidate(strategy, candidate, school, said, cards, thresholds)
        for candidate in reading.named
        if not _is_chance(candidate, thresholds)
    ]
    named = _best_named(judged, reading) if judged else None
    if named and (named.verdict is Verdict.MEETS or not _may_say_more(reading)):
        return named
    content = _by_content(strategy, reading, school, said, cards, thresholds)
    if named is None or content.verdict is Verdict.MEETS:
        return content
    only_words = all(is_only_words(candidate.mention) for candidate in reading.named)
    return content if only_words and named.verdict is Verdict.NO_EVIDENCE_FOUND else named


def _may_say_more(reading: Reading) -> bool:
    """Tell whether all names may be words of every day, or of tests, so that the content counts."""
    return all(
        is_only_words(candidate.mention) or {cue.group for cue in candidate.blocking} == {"test"}
        for candidate in reading.named
    )


def is_only_words(mention: Mention | None) -> bool:
    """Tell whether a name may be words of every day."""
    small = mention is not None and mention.is_weak and not mention.is_capitalised
    return mention is not None and (mention.is_generic or small)


def _best_named(judged: Sequence[StrategyVerdict], reading: Reading) -> StrategyVerdict:
    best = min(judged, key=_gravest_last)
    return replace(best, reasons=(*best.reasons, *word_reasons(reading)))


def _by_content(
    strategy: Strategy,
    reading: Reading,
    school: Context,
    said: tuple[str, ...],
    cards: Mapping[str, Card],
    thresholds: Thresholds,
) -> StrategyVerdict:
    blocked = [cue for cue in reading.guide.cues if cue.effect == "none"]
    if blocked:
        reason = f"“{blocked[0].words}”: {blocked[0].says}"
        return _plain(strategy, Verdict.NO_EVIDENCE_FOUND, (reason, *word_reasons(reading)))
    if reading.doing < SURE_DOING:
        thresholds = replace(thresholds, guide=NEVER)
    result = _judge_candidate(strategy, reading.guide, school, said, cards, thresholds)
    sure = result.verdict in (Verdict.MEETS, Verdict.DOES_NOT_MEET)
    reason = ""
    if reading.doing < LEAST_DOING:
        reason = "nothing in its words says that a tested practice is taken up"
    elif reading.is_about_nothing and not sure:
        reason = "nothing close to what this describes was found in the WWC's collection"
    if reason:
        return _plain(strategy, Verdict.NO_EVIDENCE_FOUND, (reason, *word_reasons(reading)))
    if not sure and reading.guide.probability < LEAST_SHOWN:
        reasons = (NOTHING_NEAR, *word_reasons(reading))
        found = _plain(strategy, Verdict.NEEDS_REVIEW, reasons)
        return replace(found, question=WHICH_PRACTICE)
    return replace(result, reasons=(*result.reasons, *word_reasons(reading)))


def _judge_candidate(
    strategy: Strategy,
    candidate: Candidate,
    school: Context,
    said: tuple[str, ...],
    cards: Mapping[str, Card],
    thresholds: Thresholds,
) -> StrategyVerdict:
    programmes = programmes_of(candidate.practice_ids, cards, candidate.nearest)
    programmes = meant_in_grades(programmes, cards, said or school.grades)
    locals_ = [judge_locally([cards[i] for i in ids], school, said) for ids in programmes]
    local = locals_[0]
    card = cards[local.practice_id]
    threshold = thresholds.guide if candidate.guide else thresholds.name
    # Whichever of the programmes with this name is meant, the answer is the same.
    shared = () if all(counts(one) for one in locals_) else programmes
    unsure = tuple(doubts(candidate, shared, candidate.probability < threshold))
    verdict = _verdict(candidate, local, bool(unsure))
    if candidate.guide is None and all(one.standing is Standing.NO_TIER for one in locals_):
        verdict = _without_tier(candidate, verdict)
    reasons = (
        (why_not_adopted(candidate),)
        if verdict is Verdict.NO_EVIDENCE_FOUND
        else (*unsure, *_evidence_reasons(card, local, said, bool(unsure)))
    )
    asks = verdict is Verdict.NEEDS_REVIEW
    return StrategyVerdict(
        strategy_id=strategy.strategy_id,
        verdict=verdict,
        reasons=reasons,
        quote=candidate.quote,
        practice_id=local.practice_id,
        practice_name=card.practice.name,
        probability=round(candidate.probability, 3),
        tier=local.tier if verdict is Verdict.MEETS else None,
        question=question_about(card, local.standing, bool(unsure)) if asks else None,
    )


def _verdict(candidate: Candidate, local: Local, is_unsure: bool) -> Verdict:
    if candidate.is_blocked or candidate.is_only_mentioned:
        return Verdict.NO_EVIDENCE_FOUND
    if is_unsure:
        return Verdict.NEEDS_REVIEW
    if counts(local):
        return Verdict.MEETS
    return Verdict.DOES_NOT_MEET if local.standing is Standing.NO_TIER else Verdict.NEEDS_REVIEW


def _without_tier(candidate: Candidate, verdict: Verdict) -> Verdict:
    """Leave adoption to no person where nothing hangs on it, unless another product is meant."""
    mention = candidate.mention
    if verdict is not Verdict.NEEDS_REVIEW or mention is None or mention.extension:
        return verdict
    if any(cue.effect == "review" for cue in candidate.cues):
        return verdict
    likely = candidate.probability >= EVEN and not is_only_words(mention)
    return Verdict.DOES_NOT_MEET if likely else Verdict.NO_EVIDENCE_FOUND


def counts(local: Local) -> bool:
    """Tell whether a programme has a tier from 1 to 3 in the school."""
    return local.standing is Standing.COUNTS and local.tier in (1, 2, 3)


def programmes_of(
    practice_ids: Sequence[str], cards: Mapping[str, Card], nearest: str | None = None
) -> tuple[tuple[str, ...], ...]:
    """Group practices into programmes, each with its siblings: the nearest, then by id."""
    groups: dict[tuple[str, ...], None] = {}
    for practice_id in sorted(practice_ids, key=lambda i: (i != nearest, i)):
        groups[tuple(sorted({practice_id, *cards[practice_id].practice.siblings}))] = None
    return tuple(groups)


def _evidence_reasons(
    card: Card, local: Local, said: tuple[str, ...], is_unsure: bool
) -> Iterable[str]:
    if is_unsure and card.practice.guide is not None:
        yield f"the nearest recommendation of a guide is: “{card.practice.name}”"
    elif local.standing is Standing.COUNTS:
        yield from met_reasons(card, local)
    else:
        yield standing_reason(card, local, said)


_ORDER = (
    Verdict.MEETS,
    Verdict.NEEDS_REVIEW,
    Verdict.DOES_NOT_MEET,
    Verdict.NO_EVIDENCE_FOUND,
)


def _is_chance(candidate: Candidate, thresholds: Thresholds) -> bool:
    """Words in small letters that are a name elsewhere, and about something else here."""
    mention = candidate.mention
    if mention is None or mention.is_capitalised or candidate.is_blocked:
        return False
    return mention.is_weak and candidate.probability < min(thresholds.name, CHANCE)


def _gravest_last(verdict: StrategyVerdict) -> tuple[int, float]:
    """What meets comes first, then what a person may yet decide; equal ones by probability."""
    # Of several that meet, the first one named: it is what the strategy is about.
    likely = 0.0 if verdict.verdict is Verdict.MEETS else -(verdict.probability or 0.0)
    return _ORDER.index(verdict.verdict), likely


def _plain(strategy: Strategy, verdict: Verdict, reasons: tuple[str, ...]) -> StrategyVerdict:
    return StrategyVerdict(
        strategy.strategy_id, verdict, reasons, quote=" ".join(strategy.text.split())
    )
