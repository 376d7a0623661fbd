"""Settings: every bad variable at once, and a table that is held to them."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from recommender.errors import BadInput
from service.settings import PREFIX, AccessMode, Settings, variables

TABLE = Path(__file__).resolve().parents[3] / "docs" / "settings.md"
SECRET = "s" * 32


def read(**given):
    return Settings.from_environment({PREFIX + name: value for name, value in given.items()})


def test_nothing_set_serves_one_user():
    settings = Settings.from_environment({"HOME": "/", "PATH": "x"})
    assert settings.single_user
    assert settings.store_url == f"sqlite:///{Path('data/service.sqlite3').absolute()}"
    assert len(settings.secret) >= 32
    assert settings.secret != Settings().secret


def test_everything_set():
    settings = read(
        DATA="/var/lib/plans", DATABASE_URL="postgresql://u:p@host/db", INDEXES="/i", CORPUS="/c",
        ACCESS="keys", SECRET=SECRET, HOSTS="Plans.Example, b.example ,", HTTPS="Yes",
        RATE_PER_MINUTE="0", SIGN_INS_PER_MINUTE="5", SESSION_HOURS="8", MAX_UPLOAD_MB="10",
        LOG_LEVEL="DEBUG",
    )  # fmt: skip
    assert settings == Settings(
        data=Path("/var/lib/plans"), database_url="postgresql://u:p@host/db", indexes=Path("/i"),
        corpus=Path("/c"), access=AccessMode.KEYS, secret=SECRET,
        hosts=("plans.example", "b.example"), https=True, rate_per_minute=0,
        sign_ins_per_minute=5, session_hours=8, max_upload_mb=10, log_level="debug",
    )  # fmt: skip
    assert settings.store_url == "postgresql://u:p@host/db"
    assert {each.name for each in fields(Settings)} == set(variables())


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"ACCESS": "open"}, "RECOMMENDER_ACCESS: found 'open', expected one of single-user, keys"),
        ({"ACCESS": "keys"}, "RECOMMENDER_SECRET: not set, but RECOMMENDER_ACCESS=keys needs it"),
        ({"SECRET": "hush"}, "RECOMMENDER_SECRET: expected at least 32 characters"),
        ({"HTTPS": "maybe"}, "RECOMMENDER_HTTPS: found 'maybe', expected yes or no"),
        ({"LOG_LEVEL": "loud"}, "RECOMMENDER_LOG_LEVEL: found 'loud', expected one of debug, info, "
         "warning, error"),
        ({"SESSION_HOURS": "0"}, "RECOMMENDER_SESSION_HOURS: found '0', expected a whole number "
         "from 1 to 744"),
        ({"SESSION_HOURS": "²"}, "RECOMMENDER_SESSION_HOURS: found '²', expected a whole number "
         "from 1 to 744"),
        ({"RATE_PER_MINUTE": "-1"}, "RECOMMENDER_RATE_PER_MINUTE: found '-1', expected a whole "
         "number from 0 to 1000000"),
        ({"DATABASE_URL": "mysql://u:hush@h/d"}, "RECOMMENDER_DATABASE_URL: expected an address "
         "such as sqlite:///FILE or postgresql://HOST/NAME"),
        ({"DATABASE_URL": "sqlite://"}, "RECOMMENDER_DATABASE_URL: expected a file; a database in "
         "memory would lose every write"),
        ({"ACCES": "keys"}, "RECOMMENDER_ACCES: no such setting"),
        ({"ACCES": "keys", "HTTPS": "x", "MAX_UPLOAD_MB": "x"}, "RECOMMENDER_ACCES: no such "
         "setting; RECOMMENDER_HTTPS: found 'x', expected yes or no; RECOMMENDER_MAX_UPLOAD_MB: "
         "found 'x', expected a whole number from 1 to 1000"),
    ],
)  # fmt: skip
def test_bad_settings(given, message):
    with pytest.raises(BadInput) as error:
        read(**given)
    assert str(error.value) == message


def test_an_empty_variable_is_not_set():
    assert read(ACCESS=" ", LOG_LEVEL="").log_level == "info"


def test_what_is_private_is_never_shown():
    settings = read(SECRET=SECRET, DATABASE_URL="postgresql://u:hush@h/d")
    assert SECRET not in repr(settings)
    assert "hush" not in repr(settings)


def test_the_table_has_every_variable_in_its_order_and_words():
    rows = re.findall(
        r"^\| `(RECOMMENDER_\w+)` \| (.+?) \| (.+?) \|$", TABLE.read_text("utf-8"), re.M
    )
    assert [(name, meaning) for name, _, meaning in rows] == [
        (variable.name, variable.help) for variable in variables().values()
    ]


@pytest.mark.parametrize(
    "setting", [f for f in variables() if f not in ("secret", "indexes", "corpus", "database_url")]
)
def test_the_table_has_the_defaults(setting):
    default = getattr(Settings(), setting)
    shown = {True: "yes", False: "no", (): "none"}.get(default, f"`{default}`")
    if isinstance(default, int) and not isinstance(default, bool):
        shown = f"`{default}`"
    assert f"| `{variables()[setting].name}` | {shown} |" in TABLE.read_text("utf-8")
