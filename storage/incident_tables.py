"""The schema of incidents and of the cases they hold."""

from datetime import datetime

from sqlalchemy import Index, SmallInteger
from sqlmodel import Field

from storage.columns import BIG
from storage.declaring import Record, maybe, moment, number, partial, reference

RUNNING = "ended IS NULL"


class IncidentRow(Record, table=True):
    """`lead` is the first of `keys`: the same series is not two running incidents, whoever saw it rise."""

    __tablename__ = "incident"
    __table_args__ = (
        partial("uq_incident_running", RUNNING, "business", "lead", unique=True),
        Index("ix_incident_started", "business", "started"),
    )

    id: int = number()
    business: str
    lead: str
    keys: str
    also: str
    started: datetime = moment()
    noticed: datetime = moment()
    risen: datetime = moment()
    ended: datetime | None = maybe()
    voices: int
    usual: float
    hours: int = Field(sa_type=SmallInteger)
    told_by: str | None = None
    """The outbox row of its card."""


class IncidentCaseRow(Record, table=True):
    __tablename__ = "incident_case"
    __table_args__ = (Index("ix_incident_case_case_id", "case_id"),)

    incident_id: int = reference("incident.id", primary_key=True)
    case_id: int = reference("cases.id", primary_key=True)
    joined: int = Field(sa_type=BIG)
    """In which order."""
