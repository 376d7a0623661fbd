"""Reviewers' decisions, folded into the present state of a strategy.

A wrong "meets" is the worst error, so one reviewer cannot turn anything into "meets" alone: until
a second, different reviewer confirms it, the verdict before it stands.
"""

from collections.abc import Sequence

from recommender.plan.verdicts import Verdict
from service.store.audit_records import Decision, ReviewState, Standing


def fold(software: Verdict, decisions: Sequence[Decision]) -> Standing:
    """Return where a strategy stands after its history, the oldest decision first.

    Decisions that no longer count, because the words or the software's verdict changed, are
    passed over.
    """
    standing = _unread(software)
    for decision in decisions:
        if decision.counts:
            standing = _after(standing, software, decision)
    return standing


def _unread(software: Verdict) -> Standing:
    if software is Verdict.NEEDS_REVIEW:
        return Standing(ReviewState.UNDECIDED, software)
    return Standing(ReviewState.CHECKED, software)


def _after(standing: Standing, software: Verdict, decision: Decision) -> Standing:
    if decision.verdict is Verdict.NEEDS_REVIEW:
        return Standing(ReviewState.UNDECIDED, Verdict.NEEDS_REVIEW)
    if decision.verdict is not Verdict.MEETS or software is Verdict.MEETS:
        return Standing(ReviewState.DECIDED, decision.verdict)
    return _after_override(standing, decision)


def _after_override(standing: Standing, decision: Decision) -> Standing:
    if standing.verdict is Verdict.MEETS:
        return standing
    waits = standing.state is ReviewState.SECOND_READER
    if waits and standing.first_reader != decision.reviewer_id:
        return Standing(
            ReviewState.DECIDED, Verdict.MEETS, standing.first_reader, decision.reviewer_id
        )
    first = standing.first_reader if waits else decision.reviewer_id
    return Standing(ReviewState.SECOND_READER, standing.verdict, first)
