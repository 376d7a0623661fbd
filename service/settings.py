"""Settings of the service, read once from environment variables named `RECOMMENDER_*`.

Every field names its variable, how it is read and what it means, so that the table in
docs/settings.md can be held to this file by a test.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, get_type_hints

from recommender import paths
from recommender.errors import BadInput

PREFIX = "RECOMMENDER_"
MIN_SECRET_CHARACTERS = 32
DATABASE_FILE = "service.sqlite3"
LOG_LEVELS = ("debug", "info", "warning", "error")
YES = ("1", "yes", "true", "on")
NO = ("0", "no", "false", "off")


class AccessMode(StrEnum):
    """Who may use the service."""

    SINGLE_USER = "single-user"
    KEYS = "keys"


def _text(value: str) -> str:
    return value


def _folder(value: str) -> Path:
    return Path(value).expanduser()


def _access(value: str) -> AccessMode:
    modes = ", ".join(AccessMode)
    try:
        return AccessMode(value)
    except ValueError:
        raise ValueError(f"expected one of {modes}") from None


def _level(value: str) -> str:
    if value.lower() not in LOG_LEVELS:
        raise ValueError(f"expected one of {', '.join(LOG_LEVELS)}")
    return value.lower()


def _yes_or_no(value: str) -> bool:
    if value.lower() not in (*YES, *NO):
        raise ValueError("expected yes or no")
    return value.lower() in YES


def _names(value: str) -> tuple[str, ...]:
    return tuple(name.strip().lower() for name in value.split(",") if name.strip())


def _between(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            raise ValueError(f"expected a whole number from {low} to {high}")
        return int(value)

    return read


def _secret(value: str) -> str:
    if len(value) < MIN_SECRET_CHARACTERS:
        raise ValueError(f"expected at least {MIN_SECRET_CHARACTERS} characters")
    return value


def _database(value: str) -> str:
    scheme, mark, rest = value.partition("://")
    dialect = scheme.partition("+")[0]
    if not mark or dialect not in ("sqlite", "postgresql"):
        raise ValueError("expected an address such as sqlite:///FILE or postgresql://HOST/NAME")
    if dialect == "sqlite" and rest.strip("/") in ("", ":memory:"):
        raise ValueError("expected a file; a database in memory would lose every write")
    return value


def _random_secret() -> str:
    return secrets.token_urlsafe(48)


@dataclass(frozen=True, slots=True)
class Variable:
    """The environment variable of a setting."""

    short_name: str
    read: Callable[[str], Any]
    help: str

    @property
    def name(self) -> str:
        """Its full name."""
        return PREFIX + self.short_name

    @property
    def is_private(self) -> bool:
        """Tell whether its value may hold a password, so that no message may repeat it."""
        return self.short_name in ("SECRET", "DATABASE_URL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a person may set; the defaults serve one user on this machine."""

    data: Annotated[
        Path,
        Variable(
            "DATA",
            _folder,
            "Folder for what the service writes. It is made if it is not there.",
        ),
    ] = Path("data")
    database_url: Annotated[
        str,
        Variable(
            "DATABASE_URL",
            _database,
            "Where plans, checks and keys are kept: `sqlite:///FILE` or `postgresql://...`. "
            f"If not set, the file `{DATABASE_FILE}` in the data folder.",
        ),
    ] = field(default="", repr=False)
    indexes: Annotated[
        Path,
        Variable(
            "INDEXES",
            _folder,
            "Folder of the built index.",
        ),
    ] = field(default_factory=paths.indexes_folder)
    corpus: Annotated[
        Path,
        Variable(
            "CORPUS",
            _folder,
            "Folder of the corpus.",
        ),
    ] = field(default_factory=paths.corpus_folder)
    access: Annotated[
        AccessMode,
        Variable(
            "ACCESS",
            _access,
            "`single-user`: everybody on this machine is administrator and the service listens on "
            "loopback only. `keys`: every caller needs a key.",
        ),
    ] = AccessMode.SINGLE_USER
    secret: Annotated[
        str,
        Variable(
            "SECRET",
            _secret,
            f"Signs the session cookies; at least {MIN_SECRET_CHARACTERS} characters, the same for "
            "all processes. Needed with `keys`; random in each process otherwise.",
        ),
    ] = field(default_factory=_random_secret, repr=False)
    hosts: Annotated[
        tuple[str, ...],
        Variable(
            "HOSTS",
            _names,
            "Host names, by comma, under which the service may be reached. With `single-user` the "
            "loopback names are always among them; with `keys` an empty list allows any.",
        ),
    ] = ()
    https: Annotated[
        bool,
        Variable(
            "HTTPS",
            _yes_or_no,
            "`yes` if browsers reach the pages by https, such as behind a proxy: cookies are then "
            "sent by https only.",
        ),
    ] = False
    rate_per_minute: Annotated[
        int,
        Variable(
            "RATE_PER_MINUTE",
            _between(0, 1_000_000),
            "Requests a minute that one key may make in one process; 0 for no limit. Not used with "
            "`single-user`.",
        ),
    ] = 600
    sign_ins_per_minute: Annotated[
        int,
        Variable(
            "SIGN_INS_PER_MINUTE",
            _between(1, 10_000),
            "Failed tries to sign in, or unknown keys, a minute from one address.",
        ),
    ] = 20
    session_hours: Annotated[
        int,
        Variable(
            "SESSION_HOURS",
            _between(1, 24 * 31),
            "Hours after which a person has to sign in again.",
        ),
    ] = 12
    max_upload_mb: Annotated[
        int,
        Variable(
            "MAX_UPLOAD_MB",
            _between(1, 1000),
            "Largest request, in megabytes.",
        ),
    ] = 25
    log_level: Annotated[
        str,
        Variable(
            "LOG_LEVEL",
            _level,
            f"How much is logged: {', '.join(LOG_LEVELS)}.",
        ),
    ] = "info"

    @property
    def store_url(self) -> str:
        """Address of the database, the default file if none is set."""
        if self.database_url:
            return self.database_url
        return f"sqlite:///{(self.data / DATABASE_FILE).absolute()}"

    @property
    def single_user(self) -> bool:
        """Tell whether everybody on this machine is the administrator."""
        return self.access is AccessMode.SINGLE_USER

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings; a variable that is empty counts as not set.

        Raises:
            BadInput: every bad or unknown variable in one line.
        """
        given = {name: value.strip() for name, value in environ.items() if value.strip()}
        values: dict[str, Any] = {}
        faults = _unknown(given)
        for setting, variable in variables().items():
            if variable.name not in given:
                continue
            try:
                values[setting] = variable.read(given[variable.name])
            except ValueError as error:
                found = "" if variable.is_private else f"found {given[variable.name]!r}, "
                faults.append(f"{variable.name}: {found}{error}")
        if values.get("access") is AccessMode.KEYS and f"{PREFIX}SECRET" not in given:
            faults.append(f"{PREFIX}SECRET: not set, but {PREFIX}ACCESS=keys needs it")
        if faults:
            raise BadInput("; ".join(faults))
        return cls(**values)


def variables() -> dict[str, Variable]:
    """Return the variable of every setting."""
    hints = get_type_hints(Settings, include_extras=True)
    return {each.name: hints[each.name].__metadata__[0] for each in fields(Settings)}


def _unknown(given: Mapping[str, str]) -> list[str]:
    known = {variable.name for variable in variables().values()}
    return [
        f"{name}: no such setting"
        for name in sorted(given)
        if name.startswith(PREFIX) and name not in known
    ]
