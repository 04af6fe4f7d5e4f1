"""Asks for jobs and looks after them. What may be asked for, and by whom, is decided in schema jobs."""

from __future__ import annotations

import json
import time
import uuid
from datetime import timedelta
from typing import Any

from tidemark import db
from tidemark.errors import StateProblem, TidemarkError, UsageProblem
from tidemark.steps import Step, Steps

LOOK_SECONDS = 0.5
FINISHED = ("completed", "failed", "cancelled")
_REFUSALS = {
    "UNKNOWN_JOB_TYPE": "there is no such type of job",
    "INVALID_PRIORITY": "the priority is none of low, normal, high, critical",
    "INVALID_TTL": "a finished job is kept for 60 to 86400 seconds",
    "DUPLICATE_JOB": "there is a job of that number already",
}


def submit(
    connection: db.Connection,
    job_type: str,
    payload: str,
    *,
    priority: str | None = None,
    ttl_seconds: int | None = None,
    user_id: str | None = None,
    job_id: str | None = None,
    once_key: str | None = None,
    within: timedelta = timedelta(0),
) -> Any:
    """A new job, or one that it shares by its key.

    Shape:  outcome (ok or joined) and job_id.
    Errors: UsageProblem for what the queue does not take; StateProblem before apply or for a number that is taken.
    Source: jobs.submit() (functions/jobs/actions/submit.sql).
    """
    _require_jobs(connection)
    _require_json(payload)
    row = db.fetch(
        connection,
        "jobs_submit",
        job_type=job_type,
        payload=payload,
        priority=priority,
        ttl_seconds=ttl_seconds,
        user_id=user_id,
        job_id=job_id and number(job_id),
        once_key=once_key,
        within=within,
    )[0]
    if row.outcome in ("ok", "joined"):
        return row
    kind: type[TidemarkError] = StateProblem if row.outcome == "DUPLICATE_JOB" else UsageProblem
    raise kind(_REFUSALS[row.outcome], detail=f"The queue answers {row.outcome} to {job_type}.")


def submit_refresh(connection: db.Connection, view: str, priority: str | None = None) -> Any:
    """A refresh of a stored view; requests within its target lag share one.

    Errors: StateProblem before apply; DatabaseRefused for an unknown view.
    Source: jobs.submit_refresh() (functions/jobs/actions/submit_refresh.sql).
    """
    _require_jobs(connection)
    return db.fetch(connection, "jobs_submit_refresh", view=view, priority=priority)[0]


def listed(connection: db.Connection, status: str | None, job_type: str | None, limit: int) -> list[Any]:
    """Jobs that the login may see, the newest first."""
    _require_jobs(connection)
    return db.fetch(connection, "jobs_list", status=status, job_type=job_type, limit=limit)


def show(connection: db.Connection, job_id: str) -> Any:
    """One job.

    Errors: UsageProblem when there is none that the login may see.
    Source: jobs.job_status (views/jobs/live/job_status.sql).
    """
    _require_jobs(connection)
    rows = db.fetch(connection, "jobs_show", job_id=number(job_id))
    if not rows:
        raise _unknown(job_id)
    return rows[0]


def watch(connection: db.Connection, job_id: str, seconds: float = LOOK_SECONDS) -> Steps[Any]:
    """Looks at a job until it has ended; each change of it is a step.

    Errors: UsageProblem when it is not there, or is removed meanwhile.
    """
    told: object = None
    while True:
        job = show(connection, job_id)
        if (seen := (job.status, job.progress, job.progress_message)) != told:
            told = seen
            said = f"{job.job_type} {job.status}" + (f": {job.progress_message}" if job.progress_message else "")
            yield Step(said, job.progress, 100)
        if job.status in FINISHED:
            return job
        time.sleep(seconds)


def cancel(connection: db.Connection, job_id: str) -> str:
    """Takes a job back, or asks it to stop: cancelled, cancel_requested or ALREADY_TERMINAL.

    Errors: UsageProblem when there is none that the login may see.
    Source: jobs.cancel() (functions/jobs/actions/cancel.sql).
    """
    _require_jobs(connection)
    outcome = str(db.value(connection, "jobs_cancel", job_id=number(job_id)))
    if outcome == "NOT_FOUND":
        raise _unknown(job_id)
    return outcome


def health(connection: db.Connection) -> Any:
    """How the queue is doing, as jobs.health says it."""
    _require_jobs(connection)
    return db.fetch(connection, "jobs_health")[0]


def set_capacity(connection: db.Connection, capacity: int) -> None:
    """Says how many jobs may run at once, whatever the number of workers."""
    _require_jobs(connection)
    db.run(connection, "jobs_set_capacity", capacity=capacity)


def number(job_id: str) -> str:
    """The number of a job as it is written.

    Errors: UsageProblem when it is none.
    """
    try:
        return str(uuid.UUID(job_id))
    except ValueError:
        raise UsageProblem(f'"{job_id}" is no number of a job', hint="tidemark jobs list shows them.") from None


def _require_json(payload: str) -> None:
    try:
        json.loads(payload)
    except ValueError as error:
        raise UsageProblem("the payload is no JSON", detail=str(error), hint="Quote it for the shell.") from None


def _unknown(job_id: str) -> UsageProblem:
    return UsageProblem(
        f"there is no job {job_id}",
        detail="It was never submitted, was removed after its time, or is of somebody else.",
        hint="tidemark jobs list shows those that are there.",
    )


def _require_jobs(connection: db.Connection) -> None:
    if not db.value(connection, "has_jobs"):
        raise StateProblem("this database has no jobs yet", hint="tidemark apply brings them.")
