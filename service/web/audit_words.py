"""What the audit desk calls things: verdicts, states of review and of files, risk."""

from recommender.plan.verdicts import Verdict
from service.store.audit_records import FileState, ReviewState

VERDICT_WORDS = {
    Verdict.MEETS: "Meets",
    Verdict.DOES_NOT_MEET: "Does not meet",
    Verdict.NO_EVIDENCE_FOUND: "No evidence found",
    Verdict.NEEDS_REVIEW: "A person decides",
}
STATE_WORDS = {
    ReviewState.UNDECIDED: "Still to decide",
    ReviewState.SECOND_READER: "Waits for a second reader",
    ReviewState.DECIDED: "Decided",
    ReviewState.CHECKED: "Checked by the software only",
}
FILE_WORDS = {
    FileState.WAITING: "Waiting",
    FileState.DONE: "Checked",
    FileState.FAILED: "Could not be checked",
}
ANSWER_WORDS = {
    True: "Yes, at least one strategy meets",
    False: "No strategy meets",
    None: "Still open: a person may find one",
}
HIGH, MEDIUM = 0.7, 0.4


def risk_words(risk: float) -> str:
    """Return how urgent it is that a person reads a strategy."""
    level = "high" if risk >= HIGH else "medium" if risk >= MEDIUM else "low"
    return f"{level}, {risk:.2f}"


def moment(time: str) -> str:
    """Return a time of the store as people read it: day, hour and minute in UTC."""
    return f"{time[:10]} {time[11:16]} UTC"
