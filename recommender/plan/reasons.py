"""Why a strategy got its verdict, in plain words, and what a person has to find out."""

from collections.abc import Iterable, Sequence

from recommender.index.catalogue import Card
from recommender.plan.link import Candidate, Reading
from recommender.plan.mentions import Mention
from recommender.plan.probability import LEAST_CONTENT, WEAK_NAME_THRESHOLD
from recommender.plan.school import Local, Standing
from recommender.search.explain import tier_words

NOTHING_NEAR = "no tested programme is named, and no recommendation of a guide is near"
WHICH_PRACTICE = (
    "Which programme or tested practice is meant, and what will be done in which grades?"
)
_STANDING = {
    Standing.NO_TIER: "no finding of it carries an ESSA tier from 1 to 3",
    Standing.SCHOOL_GRADES_UNKNOWN: "the school's grades are not stated, so no tier can be given",
    Standing.OTHER_GRADES: "its findings with a tier are of other grades ({studied}) than {here}",
    Standing.STUDIED_GRADES_UNKNOWN: "the studies do not say which grades took part",
    Standing.MIXED: "its findings are mixed or negative in the very outcome that carries a tier",
    Standing.UMBRELLA: "the WWC's label covers many variants, not one programme",
    Standing.CONTRADICTED: "the published tier is not borne out by the finding's own row",
    Standing.DERIVED: "the WWC published no tier for it; ours is only derived",
    Standing.UNVERIFIED_GUIDE: "the guide's level of evidence was not confirmed by a page we read",
}
_QUESTIONS = {
    Standing.SCHOOL_GRADES_UNKNOWN: "Which grades does the school have?",
    Standing.OTHER_GRADES: "Is there a study of {name} in the grades it will be used in?",
    Standing.STUDIED_GRADES_UNKNOWN: "In which grades was {name} studied?",
    Standing.MIXED: "Do the findings on {name} that count outweigh the negative ones? Ask DESE.",
    Standing.UMBRELLA: "Which variant of {name} will be used, and was that one studied?",
    Standing.CONTRADICTED: "Does the WWC's page still show a tier for {name}?",
    Standing.DERIVED: "Has the WWC, or another review, given {name} a tier?",
    Standing.UNVERIFIED_GUIDE: "Which level of evidence does the guide state for “{name}”?",
}


def doubts(
    candidate: Candidate, programmes: Sequence[Sequence[str]], is_below: bool
) -> Iterable[str]:
    """Yield what keeps a link from being sure."""
    mention = candidate.mention
    asking = [c for c in candidate.cues if c.effect == "review" and c.group != "mtss_tier"]
    for cue in (*candidate.blocking, *asking):
        yield f"“{cue.words}”: {cue.says}"
    if len(programmes) > 1:
        yield f"“{candidate.quote}” is the name of {len(programmes)} programmes"
    if mention is not None and mention.is_real_word:
        yield f"“{candidate.quote}” is close to “{mention.name}” but may mean something else"
    if mention is not None and mention.extension is not None:
        yield f"“{mention.extension}” beside “{candidate.quote}” may make it another product"
    if mention is not None and _is_unclear(mention, candidate):
        yield f"“{candidate.quote}” alone does not name “{mention.name}” for sure"
    elif is_below and mention is not None:
        yield f"the words around “{candidate.quote}” do not clearly say that the school uses it"
    elif is_below:
        yield "no programme is named, and the likeness to a guide is not close enough"


def _is_unclear(mention: Mention, candidate: Candidate) -> bool:
    """Tell whether a name is not one for sure; it needs more around it."""
    if mention.is_ambiguous and candidate.features["content"] < LEAST_CONTENT:
        return True
    is_small = mention.is_weak and not mention.is_capitalised
    return mention.is_generic or (is_small and candidate.probability < WEAK_NAME_THRESHOLD)


def why_not_adopted(candidate: Candidate) -> str:
    """Say which words show that the named programme is not adopted."""
    cue = next((c for c in candidate.cues if c.effect == "none"), None)
    if cue is not None:
        return f"“{cue.words}” near “{candidate.quote}”: {cue.says}"
    return f"“{candidate.quote}” is named, but the words around it do not say that it is adopted"


def met_reasons(card: Card, local: Local) -> Iterable[str]:
    """Yield what carries the tier."""
    if card.practice.guide is not None:
        level = card.practice.guide.level
        yield (
            f"it does what a WWC practice guide recommends (level of evidence: {level}), "
            f"{tier_words(local.tier)} in your grades"
        )
    elif local.outcome_domain is not None:
        yield (
            f"the WWC rated a finding on {local.outcome_domain.lower()}; with overlap of your "
            f"grades it counts as {tier_words(local.tier)} here, our reading and not a WWC rating"
        )


def standing_reason(card: Card, local: Local, said: Sequence[str]) -> str:
    """Say why the evidence gives no tier in this school; `said`: the statement's grades."""
    here = f"the strategy names ({', '.join(said)})" if said else "the school's"
    reason = _STANDING[local.standing].format(studied=", ".join(local.studied), here=here)
    if set(said) & set(local.studied):
        reason = f"the strategy names grades ({', '.join(said)}) that are not the school's"
    if local.standing is Standing.NO_TIER and card.practice.guide is not None:
        reason = "the guide rates its evidence minimal, which gives no tier from 1 to 3"
    return f"{card.practice.name}: {reason}"


def question_about(card: Card, standing: Standing, is_unsure: bool) -> str:
    """Ask what has to be known to decide."""
    name = card.practice.name
    if is_unsure or standing not in _QUESTIONS:
        if card.practice.guide is not None:
            return f"Will the school do what the guide recommends: “{name}”? Or which programme?"
        return f"Does the school adopt {name} itself, as it was studied?"
    return _QUESTIONS[standing].format(name=name)


def word_reasons(reading: Reading) -> Iterable[str]:
    """Yield remarks on words that decide nothing but mislead readers."""
    for cue in reading.cues:
        if cue.group == "mtss_tier":
            yield f"“{cue.words}”: {cue.says}"
    for name in dict.fromkeys(reading.unknown_names):
        yield f"“{name}” is another product, which the WWC's collection does not hold by that name"
