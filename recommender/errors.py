"""Every failure the library raises on purpose.

RecommenderError
├── BadInput            what a person or a file gave cannot be used (exit status 2)
│   ├── BadArchive      an export archive that is not what it should be
│   ├── BadCorpus       a corpus file that breaks its schema
│   └── UnknownPractice a practice id that the corpus does not hold
└── WorkFailed          input was fine, the work was not done (exit status 1)
    └── BadIndex        a stored index that is missing, stale or damaged
"""


class RecommenderError(Exception):
    """Base of all failures; the message is one line that says where, what and what to do."""

    exit_status = 1


class BadInput(RecommenderError):
    """Input or usage that cannot be accepted."""

    exit_status = 2


class BadArchive(BadInput):
    """The export archive is damaged, hostile or of another shape."""


class BadCorpus(BadInput):
    """A corpus file breaks its schema or disagrees with another one."""


class UnknownPractice(BadInput):
    """No practice has this id."""


class WorkFailed(RecommenderError):
    """The work could not be finished although the input was fine."""


class BadIndex(WorkFailed):
    """The stored index is missing, stale or damaged; `recommender build` makes it anew."""
