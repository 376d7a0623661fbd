"""Commands that run the service and look after its store: `serve`, `keys`, `store`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recommender.cli_shared import JsonFlag, builtins, err, out, print_json
from recommender.errors import BadInput

if TYPE_CHECKING:
    from service.settings import Settings
    from service.store import Store
    from service.store.database import Database

# Requests that are under way when the service is told to stop may take this long to end.
SHUTDOWN_SECONDS = 20

keys_app = typer.Typer(no_args_is_help=True, help="Make, list and revoke the keys of the service.")
store_app = typer.Typer(no_args_is_help=True, help="Back up, restore and upgrade the database.")


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
) -> None:
    """Start the HTTP service and its pages."""
    from service.access import refuse_open_listening

    settings = _settings()
    refuse_open_listening(host, settings)

    import uvicorn

    from service.app import create_app
    from service.logs import set_up_logs

    set_up_logs(settings.log_level)
    uvicorn.run(
        create_app(settings),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )


@keys_app.command("create")
def create_key(
    name: Annotated[str, typer.Option(help="Who or what the key is for.")],
    role: Annotated[str, typer.Option(help="reader, portal, auditor or administrator.")],
    district: Annotated[
        list[str] | None, typer.Option(help="Only plans of this district; can be given again.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Make a key. It is printed once and cannot be shown again."""
    from service.access import Role

    if role not in list(Role):
        raise BadInput(f"--role: found {role!r}, expected one of {', '.join(Role)}")
    with _store() as store:
        made, plain = store.keys.create(name, Role(role), district or None)
    if as_json:
        print_json({**builtins(made), "key": plain})
        return
    # The key alone on standard output, so that it can be sent on without being read.
    err.print(
        f"Key {made.key_id} for {made.name}, {made.role}. It is shown this once:", markup=False
    )
    out.print(plain, markup=False)


@keys_app.command("list")
def list_keys(as_json: JsonFlag = False) -> None:
    """List all keys with their roles; the keys themselves are not kept."""
    with _store() as store:
        keys = store.keys.list()
    if as_json:
        print_json({"keys": builtins(keys)})
        return
    for key in keys:
        where = "whole state" if key.districts is None else ", ".join(key.districts)
        state = f"revoked {key.revoked_at}" if key.revoked_at else "valid"
        used = f"last used {key.last_used_at}" if key.last_used_at else "never used"
        line = (key.key_id, key.role, key.name, where, state, used)
        out.print("  ".join(line), markup=False)


@keys_app.command("revoke")
def revoke_key(
    key_id: Annotated[str, typer.Argument(help="Id of the key, from `keys list`.")],
) -> None:
    """End a key now, and every session that began with it."""
    with _store() as store:
        key = store.keys.revoke(key_id)
    out.print(f"Revoked {key.key_id} ({key.name})", markup=False)


@store_app.command("backup")
def backup_store(file: Annotated[Path, typer.Argument(help="File to write.")]) -> None:
    """Copy everything into one file while the service goes on."""
    from service.store.backup import backup

    with _database() as database:
        counts = backup(database, file)
    out.print(f"{sum(counts.values())} rows of {len(counts)} tables in {file}", markup=False)


@store_app.command("restore")
def restore_store(file: Annotated[Path, typer.Argument(help="A file of `store backup`.")]) -> None:
    """Fill an empty database from a backup; one with rows is refused."""
    from service.store.backup import restore

    with _database() as database:
        counts = restore(database, file)
    out.print(f"{sum(counts.values())} rows of {len(counts)} tables restored", markup=False)


@store_app.command("upgrade")
def upgrade_store() -> None:
    """Bring the database up to this program; `serve` does the same when it starts."""
    from service.store.migrate import head, upgrade, version_of

    with _database() as database:
        before = version_of(database)
        upgrade(database)
    known = "empty" if before is None else f"version {before}"
    out.print(f"The database was {known} and is version {head()}", markup=False)


def _settings() -> "Settings":
    from service.settings import Settings

    return Settings.from_environment(os.environ)


@contextmanager
def _database() -> "Iterator[Database]":
    from service.store.database import Database

    database = Database.connect(_settings().store_url)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _store() -> "Iterator[Store]":
    from service.store import Store

    store = Store.open(_settings().store_url)
    try:
        yield store
    finally:
        store.close()
