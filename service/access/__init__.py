"""Who may do what. Routes declare `needs(Role.READER)`; `install` puts the guards up."""

from service.access.guard import csrf_token, current, needs, routes_of, signed_in_as, unguarded
from service.access.hosts import refuse_open_listening
from service.access.install import install
from service.access.principal import Principal
from service.store.records import Role

__all__ = [
    "Principal",
    "Role",
    "csrf_token",
    "current",
    "install",
    "needs",
    "refuse_open_listening",
    "routes_of",
    "signed_in_as",
    "unguarded",
]
