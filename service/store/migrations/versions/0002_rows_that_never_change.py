"""Rows that never change: the database itself refuses to alter or delete them."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("plan_versions", "checks", "decisions", "exports")
EVENTS = ("update", "delete")
FUNCTION = """
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % never change', tg_table_name;
end $$
"""


def upgrade() -> None:
    """Add a trigger for each table and kind of change."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(FUNCTION)
        for table in TABLES:
            op.execute(
                f"create trigger {table}_never_change before update or delete or truncate "
                f"on {table} for each statement execute function refuse_change()"
            )
        return
    for table in TABLES:
        for event in EVENTS:
            op.execute(
                f"create trigger {table}_never_{event} before {event} on {table} "
                f"begin select raise(abort, 'rows of {table} never change'); end"
            )


def downgrade() -> None:
    """Drop the triggers."""
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            op.execute(f"drop trigger {table}_never_change on {table}")
        op.execute("drop function refuse_change")
        return
    for table in TABLES:
        for event in EVENTS:
            op.execute(f"drop trigger {table}_never_{event}")
