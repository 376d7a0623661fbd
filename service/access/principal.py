"""Who makes a request."""

from dataclasses import dataclass

from service.store.records import ApiKey, Role, Scope

LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Principal:
    """A person or portal, as known by its key."""

    key_id: str
    name: str
    role: Role
    districts: tuple[str, ...] | None = None
    """`None` is the whole state."""

    @property
    def scope(self) -> Scope:
        """What the store lets this caller see: readers and portals only their own plans."""
        own_only = not self.role.includes(Role.AUDITOR)
        return Scope(self.key_id, self.name, self.districts, own_only)

    def may(self, role: Role) -> bool:
        """Tell whether this caller may do what a role may."""
        return self.role.includes(role)


def local_principal() -> Principal:
    """Return the one user of single-user mode."""
    return Principal(LOCAL, LOCAL, Role.ADMINISTRATOR)


def principal_of(key: ApiKey) -> Principal:
    """Return who a key stands for."""
    return Principal(key.key_id, key.name, key.role, key.districts)
