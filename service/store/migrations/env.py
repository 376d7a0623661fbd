"""Run by Alembic for every command; the connection and its transaction are the caller's."""

from alembic import context

from service.store.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_type=True,
    render_as_batch=False,
    # SQLite can undo DDL too, since our transactions begin explicitly.
    transactional_ddl=True,
)
context.run_migrations()
