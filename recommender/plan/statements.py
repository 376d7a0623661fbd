"""Is a line of a plan a strategy, or a goal, a measure, data, a cause or boilerplate?"""

import re

from recommender.plan.readers import Block, BlockKind
from recommender.plan.sections import (
    Role,
    Trust,
    cue_pattern,
    role_of_column,
    role_of_heading,
)

_VERBS = (
    "adopt|implement|provide|train|launch|use|expand|continue|create|develop|establish|offer|hire"
    "|build|introduce|pilot|schedule|assign|deliver|conduct|hold|host|coach|mentor|tutor|teach"
    "|support|strengthen|partner|engage|send|call|visit|form|start|begin|extend|add|run|redesign"
    "|design|align|institute|incorporate|integrate|embed|facilitate|utili[sz]e|purchase|organi[sz]e"
    "|refine|revise|enhance|recruit|place|group|screen|review|analy[sz]e|set up|work with|ensure"
)
_STEMS = "|".join(sorted({verb.removesuffix("e") for verb in _VERBS.split("|")}))
_PRACTICE = (
    r"(?:high[- ](?:dosage|impact) |small[- ]group |peer |cross-age |one-on-one )?(?:tutoring"
    r"|mentor(?:s|ing)?|coaching|instruction|intervention|home visits?|professional (?:development"
    r"|learning)|co-?teaching|restorative|after-?school|summer|phonics|advisory|check-in|PBIS|MTSS)"
)
IMPERATIVE = cue_pattern(rf"^(?:{_VERBS}|using)\b")
ACTS = cue_pattern(
    r"\b(?:will|plans? to|going to)\b(?! (?:not|be able|be at|meet (?:or|the|their|grade)|score"
    r"|achieve|reach|demonstrate|show|perform|improve|increase|decrease|grow|know|have (?:met|a )"
    r"|be (?:measured|monitored|evidenced|at|above|proficient)|monitor|measure|track)\b)"
    rf"|^(?:{_VERBS})\b|^(?:{_STEMS})ing\b|^{_PRACTICE}\b"
)
_DOSAGE = cue_pattern(
    r"\b\d+[- ]?(?:min(?:ute)?s?|hours?|sessions?)\b|\b(?:once|twice|(?:two|three|four|five|\d)"
    r" (?:times|days|sessions)) (?:a|per|each) (?:day|week|month)|\b(?:daily|weekly)\b"
)
_GOAL = cue_pattern(
    r"^(?:by|before|at) (?:the )?(?:end|spring|fall|winter|summer|eoy|sy|june|may|january|october"
    r"|december|\w+,? 20\d\d|20\d\d)\b.{0,200}\d\s?(?:%|percent|points)"
    r"|^(?:smart )?goals?\b|\d\s?(?:%|percent) of (?:all |our |the )?.{0,60}\bwill\b"
    r"|^(?:increase|decrease|reduce|raise|improve|grow|lower|cut)\b.{0,200}\b(?:from|by|to) \d"
    r"|\bstudents (?:\w+ ){0,6}will (?:be able|be at|be proficient|meet|score|achieve|reach"
    r"|demonstrate|show|perform|improve|increase|decrease|grow)\b"
)
_MEASURE = cue_pattern(
    r"\b(?:as )?(?:measured|evidenced) by\b|^(?:evidence|measures?|benchmarks?|indicators?)\b(?!-)"
    r"|\bwe will (?:know|monitor|measure|track)\b|\bwill be (?:measured|monitored|evidenced)\b"
)
_DATA = cue_pattern(
    r"\d\s?(?:%|percent)(?=\W).{0,200}\b(?:was|were|is|are|did|scored|met|fell|rose|dropped|failed"
    r"|have|had|missed|declined|read|reached)\b|\b(?:fell|rose|declined|dropped|increased|decreased)\b"
    r".{0,200}\b(?:from|since|in|by|to)\b|\b(?:data|results|scores|surveys?) (?:show|indicate)"
    r"|\baccording to\b|\b(?:compared (?:to|with)|\d\s?% (?:proficient|meeting|absent|of))\b"
    r"|\d\s?% of\b|^too (?:many|few)\b|\b(?:is|are|was|were) (?:\w+ ){0,2}(?:below|behind)\b"
)
_CAUSE = cue_pattern(
    r"^(?:root cause|because|due to|lack of|insufficient|inconsistent|not enough|there (?:is|are))"
    r"\b|\broot causes?\b|\b(?:do|does|did|is|are|was|were|has|have) (?:not|no)\b"
    r"|\b(?:don't|doesn't|isn't|aren't|cannot|can't|lacks?|struggles?|rarely|never)\b"
)
_BOILERPLATE = cue_pattern(
    r"\b(?:our|the|school) (?:mission|vision|values)\b|^(?:mission|vision)\b|signature|^signed\b"
    r"|\bapproved (?:by|on)\b|^(?:contact|phone|e-?mail|address|dear|page \d|table of contents"
    r"|principal:|superintendent:|draft)\b|@\w+\.|https?://|^\W*see (?:the|page|above|below|attach)"
    r"|improvement plan\b|^(?:both|all|these|those|each of these) (?:of )?(?:these )?(?:steps"
    r"|actions?|strategies|initiatives)\b|^[A-Z][\w.'-]+ [A-Z][\w'-]+, [A-Z][\w ]{2,40}$"
    r"|\bplease\b|^describe\b"
)
CUES = {
    "acts": ACTS,
    "imperative": IMPERATIVE,
    "dosage": _DOSAGE,
    "goal": _GOAL,
    "measure": _MEASURE,
    "data": _DATA,
    "cause": _CAUSE,
    "boilerplate": _BOILERPLATE,
}
"""Patterns that the line model weighs beside the words."""

_WILL_ACT = cue_pattern(
    rf"^(?:\S+ ){{1,8}}(?:will|plans? to|is going to|are going to) (?:\w+ly )?(?:{_VERBS})\b"
    rf"|^{_PRACTICE}\b"
)
_OTHERWISE = (_GOAL, _MEASURE, _DATA, _CAUSE, _BOILERPLATE)
# Lengths, in words, and what is added were set with the log odds (docs/results/plan_reading.md).
# A cell of so many words says what its title, in another cell of the row, names.
LONG_WORDS = 8
# Shorter sentences of running text are asides and run-in headings.
LEAST_WORDS = 4
# Names of practices, as lists and columns of strategies have them, say too little for a model.
SHORT_WORDS = 5
# Added to the least log odds where a pattern speaks of goals, data, causes or boilerplate.
TOLD_OTHERWISE = 1.5
# Log odds of saying what the school does from which a line is kept, by how far its place vouches
# for it (docs/results/plan_reading.md).
LEAST_LOGIT = {
    Trust.DOUBTED: 1.5,
    Trust.ACTING: 1.0,
    Trust.CUED: 0.0,
    Trust.LISTED: -1.0,
    Trust.COLUMN: -4.0,
}
ENDS = cue_pattern(
    r"\b(?:will|plan to) (?:stop|end|discontinue|no longer|phase out|drop|not)\b|^stop\b"
)
# A statement of these words alone is a date or an empty cell.
_EMPTY_WORD = cue_pattern(
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)(?:uary|ch|il|e|y|ust|t|ember|ober)?"
    r"|by|to|from|until|in|all|the|year|spring|fall|winter|ongoing|tbd|tba|none|n|a|yes|no|same"
)
TITLE = cue_pattern(
    r"^(?:evidence-based )?(?:strategic )?(?:strategy|initiative|intervention|action(?: step)?|step"
    r"|(?:key )?activity)\s*#?\d{0,2}(?:\.\d+)?[a-z]?\s*[:.)–—-]\s+(?=\S+\s+\S)"
)
_NUMBERED = cue_pattern(
    r"\W{0,3}[a-z]{1,20}(?: [a-z]{1,20})?\W{1,3}\d{1,3}(?:\.\d{1,3}){0,3}[a-z]?\W{0,3}"
)
_PERSON = re.compile(
    r"^[A-Z][\w'’-]{1,30}(?: [A-Z][\w'’-]{1,30}){0,2}, (?:[A-Z]\.|(?i:principal|teacher|parent"
    r"|community|co-?chair|chair|coach|counselor|student|assistant|director|superintendent|dean"
    r"|rep(?:resentative)?)\b)"
)
_NAMES = re.compile(r"(?!Tier\b|Grades?\b|Math\b|ELA\b|MTSS\b)[A-Z]")
_INTRODUCED = cue_pattern(r"^([^\s:]+(?: [^\s:]+){0,4}):\s+\S")


def trust_in(block: Block) -> Trust:
    """Tell how far the place of a block vouches for what it says."""
    place = block.place
    if block.style is BlockKind.HEADING:
        return Trust.LISTED if TITLE.match(" ".join(block.text.split())) else Trust.NONE
    for name in (place.label, place.header):
        if name is not None and (role := role_of_column(name)):
            return Trust.COLUMN if role is Role.STRATEGY else Trust.NONE
    if place.header is not None or place.label is not None:
        return Trust.ACTING
    role = role_of_heading(place.section)
    if role is Role.OTHER:
        return Trust.DOUBTED
    if role in (Role.GOALS, Role.CAUSES, Role.SUMMARY):
        return Trust.ACTING
    listed = role is Role.STRATEGY or block.style is BlockKind.LIST_ITEM
    return Trust.LISTED if listed else Trust.CUED


def is_kept(text: str, trust: Trust, logit: float, is_item: bool = False) -> bool:
    """Tell whether a statement is a strategy.

    Args:
        text: the statement.
        trust: how far its place vouches for it.
        logit: log odds of the line model that it says what the school does.
        is_item: it stands in a list, not in running text.
    """
    if not trust or _is_filler(text) or _is_introduced_as_other(text):
        return False
    if trust <= Trust.CUED and len(text.split()) < LEAST_WORDS:
        return False
    is_told_otherwise = any(cue.search(text) for cue in _OTHERWISE)
    if trust >= Trust.ACTING and _WILL_ACT.search(text) and not is_told_otherwise:
        return True
    if len(text.split()) < SHORT_WORDS and (trust is Trust.COLUMN or is_item):
        is_name = trust is Trust.COLUMN or " " in text
        is_label = role_of_column(text) not in (None, Role.STRATEGY)
        return is_name and not is_told_otherwise and not is_label
    return logit >= LEAST_LOGIT[trust] + (TOLD_OTHERWISE if is_told_otherwise else 0.0)


def is_long(text: str, trust: Trust) -> bool:
    """Tell whether a cell for strategies says more than a title."""
    return trust in (Trust.COLUMN, Trust.ACTING) and len(text.split()) >= LONG_WORDS


def is_title(text: str) -> bool:
    """Tell whether a short cell beside a long one is its title, and names no programme itself."""
    words = text.split()
    return len(words) < SHORT_WORDS and not any(map(_NAMES.match, words[1:]))


def _is_filler(text: str) -> bool:
    if _NUMBERED.fullmatch(text) or _PERSON.match(text):
        return True
    letters = re.findall(r"[^\W\d_]+", text)
    return (
        text.endswith(":")
        or max(map(len, letters), default=0) < 3
        or all(map(_EMPTY_WORD.fullmatch, letters))
    )


def _is_introduced_as_other(text: str) -> bool:
    label = _INTRODUCED.match(text)
    return label is not None and role_of_column(label[1]) not in (None, Role.STRATEGY)
