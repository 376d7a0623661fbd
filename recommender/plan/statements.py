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
        return Trust.NONE
    if role in (Role.GOALS, Role.CAUSES, Role.SUMMARY):
        return Trust.ACTING
    listed = role is Role.STRATEGY or block.style is BlockKind.LIST_ITEM
    return Trust.LISTED if listed else Trust.CUED


def is_kept(text: str, trust: Trust) -> bool:
    """Tell whether a statement is a strategy, given how far its place vouches for it."""
    if not trust or _is_filler(text):
        return False
    if _GOAL.search(text) or _is_introduced_as_other(text):
        return False
    if trust is Trust.COLUMN:
        return not _BOILERPLATE.search(text) and not re.match(r"as measured by", text, re.I)
    acts = bool(ACTS.search(text))
    told = (_DATA, _CAUSE, _MEASURE)
    if _BOILERPLATE.search(text) or (not acts and any(other.search(text) for other in told)):
        return False
    if trust is Trust.LISTED:
        return acts or len(text.split()) > 1
    return acts or (trust is Trust.CUED and bool(_DOSAGE.search(text)))


def _is_filler(text: str) -> bool:
    letters = re.findall(r"[^\W\d_]+", text)
    return (
        text.endswith(":")
        or max(map(len, letters), default=0) < 3
        or all(map(_EMPTY_WORD.fullmatch, letters))
    )


def _is_introduced_as_other(text: str) -> bool:
    label = _INTRODUCED.match(text)
    return label is not None and role_of_column(label[1]) not in (None, Role.STRATEGY)
