"""`antipode redrive REGION`: shows what lies undelivered in a Region, and sends it again."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

from antipode_tools.operate.output import Output
from antipode_tools.operate.redrive import services
from antipode_tools.operate.redrive.backlog import Backlog
from antipode_tools.operate.redrive.bucket import S3Bucket
from antipode_tools.operate.redrive.progress import Progress
from antipode_tools.operate.redrive.queue import TO_LOOK, TO_SEND, SqsQueue
from antipode_tools.operate.redrive.redriving import Redrive, Tally
from antipode_tools.operate.redrive.relay_function import RelayFunction
from antipode_tools.operate.redrive.report import Report, as_json, as_text
from antipode_tools.operate.redrive.spool import Spool
from antipode_tools.operate.redrive.survey import Survey, look
from antipode_tools.operate.stacks.errors import ExitCode, OperationError
from antipode_tools.operate.stacks.target import Target, find, load_world
from antipode_tools.operate.stacks.where import Where

# Beyond this the records are in a file without a name.
_IN_MEMORY_BYTES = 32 * 1024 * 1024


def redrive(
    region: str,
    *,
    dry_run: bool = False,
    json_output: bool = False,
    where: Where | None = None,
    root: Path | None = None,
    state: Path | None = None,
    output: Output | None = None,
) -> ExitCode:
    """Sends again what lies undelivered in a Region, and removes what was published.

    Args:
        region: an environment of samconfig.toml (ireland) or a Region (eu-west-1).
        dry_run: look, and send and remove nothing.
        where: None takes the local world if it is running, and AWS if it is not.
        root: the project, if not this one.
        state: the local world's folder, if not the project's own.

    Returns:
        DONE if nothing lies undelivered when it ends, FAILED if anything does.
    """
    output = output or Output()
    try:
        target = find(region, where=where, world=load_world(root, state))
        report = run(target, dry_run=dry_run, progress=Progress(output.err, time.monotonic))
    except OperationError as error:
        return output.stopped("redrive", error)
    text = json.dumps(as_json(report)) if json_output else as_text(report)
    output.out.write(f"{text}\n")
    return ExitCode.DONE if report.everything_delivered else ExitCode.FAILED


def run(target: Target, *, dry_run: bool, progress: Progress) -> Report:
    """One redrive of a stack, or one look at it."""
    began = time.monotonic()
    hold = TO_LOOK if dry_run else TO_SEND
    queue = SqsQueue(
        services.sqs(target), target.output(services.QUEUE_URL), hold, clock=time.monotonic
    )
    bucket = S3Bucket(services.s3(target), target.output(services.BUCKET))
    with tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES) as file:
        try:
            survey = look(bucket, queue, Backlog(Spool(file)), watch=progress.found)
            tally = None if dry_run else _send(survey, target, queue, bucket, progress)
        finally:
            queue.release()
            progress.end()
    region = target.region
    return Report(
        region=region.code,
        name=region.name,
        stack=region.stack,
        where=target.where,
        survey=survey,
        tally=tally,
        seconds=time.monotonic() - began,
    )


def _send(
    survey: Survey, target: Target, queue: SqsQueue, bucket: S3Bucket, progress: Progress
) -> Tally:
    backlog = survey.backlog
    relay = RelayFunction(services.functions(target), target.output(services.RELAY))
    watch = progress.sent(len(backlog))
    return Redrive(backlog, relay, queue, bucket, sleep=time.sleep, watch=watch).run()
