"""The tables. What these rows mean, and which of them never change, is said where they are made."""

from sqlalchemy import (
    Boolean,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# Rows of these tables are written once; triggers in the first migration hold every program to it.
NEVER_CHANGED = ("plan_versions", "checks", "decisions", "exports")

Id = String(36)
Hash = String(64)
Moment = String(27)


class Base(DeclarativeBase):
    """All tables of the store."""

    metadata = MetaData(naming_convention=NAMES)


class KeyRow(Base):
    """A key, by its hash."""

    __tablename__ = "api_keys"

    key_id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    districts: Mapped[str | None] = mapped_column(Text)
    key_sha256: Mapped[str] = mapped_column(Hash, unique=True)
    created_at: Mapped[str] = mapped_column(Moment)
    revoked_at: Mapped[str | None] = mapped_column(Moment)
    last_used_at: Mapped[str | None] = mapped_column(Moment)


class EndedSessionRow(Base):
    """A session whose person signed out before it expired."""

    __tablename__ = "ended_sessions"

    session_sha256: Mapped[str] = mapped_column(Hash, primary_key=True)
    expires_at: Mapped[str] = mapped_column(Moment, index=True)


class PlanRow(Base):
    """A plan; what is written in it is in its versions."""

    __tablename__ = "plans"

    plan_id: Mapped[str] = mapped_column(Id, primary_key=True)
    key_id: Mapped[str] = mapped_column(Id, index=True)
    version: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(Text)
    school_name: Mapped[str | None] = mapped_column(Text)
    district: Mapped[str | None] = mapped_column(Text)
    district_key: Mapped[str | None] = mapped_column(Text, index=True)
    previous_plan_id: Mapped[str | None] = mapped_column(ForeignKey("plans.plan_id"))
    check_id: Mapped[str | None] = mapped_column(Id)
    """The latest check; without a foreign key, which would make a circle with `checks`."""
    created_at: Mapped[str] = mapped_column(Moment)
    updated_at: Mapped[str] = mapped_column(Moment, index=True)


class PlanVersionRow(Base):
    """What a team wrote, version by version; never changed."""

    __tablename__ = "plan_versions"

    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.plan_id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    draft: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[str] = mapped_column(Moment)


class CheckRow(Base):
    """One answer of the plan check; never changed."""

    __tablename__ = "checks"
    __table_args__ = (
        ForeignKeyConstraint(
            ["plan_id", "version"], ["plan_versions.plan_id", "plan_versions.version"]
        ),
        Index(None, "plan_id", "version"),
    )

    check_id: Mapped[str] = mapped_column(Id, primary_key=True)
    plan_id: Mapped[str] = mapped_column(Id)
    version: Mapped[int] = mapped_column(Integer)
    rule: Mapped[str] = mapped_column(String(100))
    build_id: Mapped[str] = mapped_column(String(100))
    verdict: Mapped[str] = mapped_column(String(20))
    has_tier_1_3: Mapped[bool | None] = mapped_column(Boolean)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(Hash)
    checked_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[str] = mapped_column(Moment)


class DecisionRow(Base):
    """What a reviewer said; never changed."""

    __tablename__ = "decisions"
    __table_args__ = (Index(None, "plan_id", "strategy_id"),)

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    decision_id: Mapped[str] = mapped_column(Id, unique=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.plan_id"))
    strategy_id: Mapped[str] = mapped_column(String(200))
    check_id: Mapped[str] = mapped_column(ForeignKey("checks.check_id"))
    subject: Mapped[str] = mapped_column(Hash)
    verdict: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    reviewer_id: Mapped[str] = mapped_column(Id)
    reviewer: Mapped[str] = mapped_column(Text)
    created_at: Mapped[str] = mapped_column(Moment)


class StandingRow(Base):
    """The present state of a strategy: made from the latest check and the decisions."""

    __tablename__ = "standings"
    __table_args__ = (Index(None, "software", "state", "risk"),)

    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.plan_id"), primary_key=True)
    strategy_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    check_id: Mapped[str] = mapped_column(ForeignKey("checks.check_id"))
    position: Mapped[int] = mapped_column(Integer)
    subject: Mapped[str] = mapped_column(Hash)
    text: Mapped[str] = mapped_column(Text)
    software: Mapped[str] = mapped_column(String(20))
    verdict: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    risk: Mapped[float] = mapped_column(Float)
    practice_id: Mapped[str | None] = mapped_column(String(200))
    practice_name: Mapped[str | None] = mapped_column(Text)
    tier: Mapped[int | None] = mapped_column(Integer)
    first_reader: Mapped[str | None] = mapped_column(Id)
    second_reader: Mapped[str | None] = mapped_column(Id)
    last_decision: Mapped[int | None] = mapped_column(Integer)
    tp1: Mapped[bool] = mapped_column(Boolean)
    tp2: Mapped[bool] = mapped_column(Boolean)
    tp3: Mapped[bool] = mapped_column(Boolean)
    tp4: Mapped[bool] = mapped_column(Boolean)


class ShareRow(Base):
    """A link to a plan, by the hash of its token."""

    __tablename__ = "shares"

    share_id: Mapped[str] = mapped_column(Id, primary_key=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.plan_id"), index=True)
    token_sha256: Mapped[str] = mapped_column(Hash, unique=True)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[str] = mapped_column(Moment)
    revoked_at: Mapped[str | None] = mapped_column(Moment)


class BatchRow(Base):
    """An upload of many plans."""

    __tablename__ = "batches"

    batch_id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    rule: Mapped[str] = mapped_column(String(100))
    district: Mapped[str | None] = mapped_column(Text)
    district_key: Mapped[str | None] = mapped_column(Text, index=True)
    key_id: Mapped[str] = mapped_column(Id, index=True)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[str] = mapped_column(Moment)


class BatchFileRow(Base):
    """One uploaded file; its content is dropped once its plan is kept."""

    __tablename__ = "batch_files"
    __table_args__ = (Index(None, "batch_id", "position"), Index(None, "state", "claimed_until"))

    file_id: Mapped[str] = mapped_column(Id, primary_key=True)
    batch_id: Mapped[str] = mapped_column(ForeignKey("batches.batch_id"))
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Hash)
    state: Mapped[str] = mapped_column(String(20))
    error: Mapped[str | None] = mapped_column(Text)
    plan_id: Mapped[str | None] = mapped_column(ForeignKey("plans.plan_id"), index=True)
    claimed_until: Mapped[str | None] = mapped_column(Moment)
    updated_at: Mapped[str] = mapped_column(Moment)


class BatchContentRow(Base):
    """The bytes of a file that still waits or has failed."""

    __tablename__ = "batch_contents"

    file_id: Mapped[str] = mapped_column(ForeignKey("batch_files.file_id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ExportRow(Base):
    """Who took which data out; never changed."""

    __tablename__ = "exports"

    export_id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(50))
    detail: Mapped[str] = mapped_column(Text)
    rows: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(Hash)
    key_id: Mapped[str] = mapped_column(Id, index=True)
    exported_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[str] = mapped_column(Moment, index=True)
