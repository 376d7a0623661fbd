"""Failures of the store.

BadInput
├── NotFound    nothing with this id, or nothing that this caller may see (HTTP 404)
└── OutOfScope  a district that this caller may not write (HTTP 403)
WorkFailed
├── Conflict    somebody else was first (HTTP 409)
└── BadStore    the database cannot be used
"""

from recommender.errors import BadInput, WorkFailed


class NotFound(BadInput):
    """Nothing with this id; the same words whether it is hidden or was never there."""


class OutOfScope(BadInput):
    """The caller may not write plans of this district."""


class Conflict(WorkFailed):
    """The thing has changed since the caller read it."""


class BadStore(WorkFailed):
    """The database is missing, newer than this program, or not ours."""
