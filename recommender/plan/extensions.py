"""Words beside a name that make it another product's name, and those that do not."""

import re

# Words that may follow a name without making it another product's name.
_PLAIN_FOLLOWERS = frozenset(
    """lessons lesson program programme curriculum model training tutors tutoring groups class
    classes elective course mentors mentor coaching teachers teacher students sessions session
    units unit math mathematics reading literacy ela english science social approach routines
    intervention instruction year grade grades gr k pre prek title tier fall spring summer monday
    tuesday wednesday thursday friday saturday sunday january february march april may june july
    august september october november december for in from with at as by the a an is will to during
    and or on institute institutes level levels i ii iii iv schoolwide mtss universal strategies
    strategy framework system kindergarten all each every daily weekly practice project initiative
    twice three four five two one modules book books""".split()  # noqa: SIM905
)


def extension(text: str, start: int, end: int) -> str | None:
    """Return a capitalised word next to the name that makes it another name; plain ones do not."""
    follows = re.match(r"[®™©]?(?: | ?[-–:] ?)([A-Z][A-Za-z0-9]+)", text[end:])
    if follows and follows[1].lower() not in _PLAIN_FOLLOWERS:
        return follows[1]
    before = re.search(r"\b(?:the|a|our) ([A-Z][A-Za-z]+) $", text[:start])
    if before and before[1].lower() not in _PLAIN_FOLLOWERS:
        return before[1]
    return None
