"""Keys: made here, shown once, kept as a hash."""

import json
import re
import secrets
from base64 import b32encode
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select

from recommender.errors import BadInput
from service.store.database import Database
from service.store.errors import NotFound
from service.store.ids import as_text, digest
from service.store.models import EndedSessionRow, KeyRow
from service.store.records import ApiKey, Role, names_of

KEY_PREFIX = "er_"
# 32 bytes of chance cannot be guessed, so a plain hash is enough: a slow one
# protects passwords that people think up, and would cost time at every request.
KEY_BYTES = 32
KEY_PATTERN = re.compile(r"er_[a-z2-7]{52}")
MAX_NAME_CHARACTERS = 200
MAX_DISTRICTS = 500
# The time of last use is for seeing which keys are idle; a write at every request would cost more
# than that is worth.
LAST_USE_STEP = timedelta(minutes=1)


def make_key() -> str:
    """Return a fresh key."""
    return KEY_PREFIX + b32encode(secrets.token_bytes(KEY_BYTES)).decode().rstrip("=").lower()


class Keys:
    """The keys of people and portals, and the sessions that they ended."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self, name: str, role: Role, districts: Sequence[str] | None = None
    ) -> tuple[ApiKey, str]:
        """Make a key; the second value is the key itself, which is not kept.

        Raises:
            BadInput: no name, or districts for an administrator.
        """
        name = " ".join(name.split())
        kept = None if districts is None else names_of(districts)
        _check_key(name, role, kept)
        plain = make_key()
        with self._database.writing() as session:
            row = KeyRow(
                key_id=self._database.new_id(),
                name=name,
                role=role.value,
                districts=None if kept is None else json.dumps(kept, ensure_ascii=False),
                key_sha256=digest(plain),
                created_at=self._database.now(),
            )
            session.add(row)
            session.flush()
            return _key(row), plain

    def list(self) -> tuple[ApiKey, ...]:
        """Return all keys, revoked ones too, in the order they were made."""
        with self._database.reading() as session:
            rows = session.scalars(select(KeyRow).order_by(KeyRow.created_at, KeyRow.key_id))
            return tuple(_key(row) for row in rows)

    def revoke(self, key_id: str) -> ApiKey:
        """End a key from this moment; its sessions end with it.

        Raises:
            NotFound: no key with this id.
        """
        with self._database.writing() as session:
            row = session.get(KeyRow, key_id, with_for_update=True)
            if row is None:
                raise NotFound(f"key {key_id!r}: no such key")
            row.revoked_at = row.revoked_at or self._database.now()
            return _key(row)

    def find(self, plain: str) -> ApiKey | None:
        """Return the key that this text is, if it is one and was not revoked."""
        if not KEY_PATTERN.fullmatch(plain):
            return None
        with self._database.reading() as session:
            row = session.scalar(select(KeyRow).where(KeyRow.key_sha256 == digest(plain)))
            return _key(row) if row is not None and row.revoked_at is None else None

    def get(self, key_id: str) -> ApiKey | None:
        """Return a key by its id unless it was revoked."""
        with self._database.reading() as session:
            row = session.get(KeyRow, key_id)
            return _key(row) if row is not None and row.revoked_at is None else None

    def note_use(self, key: ApiKey) -> None:
        """Write down that a key was used, at most once a minute."""
        now = self._database.clock()
        if key.last_used_at is not None and key.last_used_at > as_text(now - LAST_USE_STEP):
            return
        with self._database.writing() as session:
            row = session.get(KeyRow, key.key_id, with_for_update=True)
            if row is not None and (row.last_used_at or "") < as_text(now):
                row.last_used_at = as_text(now)

    def end_session(self, session_id: str, hours: int) -> None:
        """Remember that a session was ended, for as long as its cookie would last."""
        now = self._database.clock()
        with self._database.writing() as session:
            session.execute(
                delete(EndedSessionRow).where(EndedSessionRow.expires_at < as_text(now))
            )
            key = digest(session_id)
            if session.get(EndedSessionRow, key) is None:
                expires = as_text(now + timedelta(hours=hours))
                session.add(EndedSessionRow(session_sha256=key, expires_at=expires))

    def session_ended(self, session_id: str) -> bool:
        """Tell whether a person signed out of this session."""
        with self._database.reading() as session:
            return session.get(EndedSessionRow, digest(session_id)) is not None


def _check_key(name: str, role: Role, districts: tuple[str, ...] | None) -> None:
    if not 1 <= len(name) <= MAX_NAME_CHARACTERS:
        raise BadInput(f"name: {len(name)} characters, expected 1 to {MAX_NAME_CHARACTERS}")
    if districts is None:
        return
    if role is Role.ADMINISTRATOR:
        raise BadInput("districts: an administrator's key is for the whole state")
    if not 1 <= len(districts) <= MAX_DISTRICTS:
        raise BadInput(f"districts: found {len(districts)}, expected 1 to {MAX_DISTRICTS}")


def _key(row: KeyRow) -> ApiKey:
    return ApiKey(
        row.key_id,
        row.name,
        Role(row.role),
        None if row.districts is None else tuple(json.loads(row.districts)),
        row.created_at,
        row.revoked_at,
        row.last_used_at,
    )
