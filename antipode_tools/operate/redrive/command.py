"""`antipode redrive REGION`: shows what lies undelivered in a Region, and sends it again."""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import dataclass

from antipode_tools.operate.options import Options
from antipode_tools.operate.redrive import services
from antipode_tools.operate.redrive.backlog import Backlog
from antipode_tools.operate.redrive.bucket import S3Bucket
from antipode_tools.operate.redrive.progress import Progress
from antipode_tools.operate.redrive.queue import TO_LOOK, TO_SEND, Hold, SqsQueue
from antipode_tools.operate.redrive.redriving import Redrive, Tally
from antipode_tools.operate.redrive.relay_function import RelayFunction
from antipode_tools.operate.redrive.report import Report, as_json, as_text
from antipode_tools.operate.redrive.spool import Spool
from antipode_tools.operate.redrive.survey import Survey, look
from antipode_tools.operate.stacks.errors import ExitCode, OperationError
from antipode_tools.operate.stacks.target import Target, find, load_world

# Beyond this the records are in a file without a name.
_IN_MEMORY_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True)
class Run(Options):
    """How a redrive is run.

    Args:
        dry_run: look, and send and remove nothing.
    """

    dry_run: bool = False


def redrive(region: str, run: Run) -> ExitCode:
    """Publishes a Region's undelivered changes again, and removes what was published.

    Args:
        region: an environment of samconfig.toml (ireland) or a Region (eu-west-1).

    Returns:
        DONE if nothing is undelivered when it ends, FAILED if anything is.
    """
    output = run.output
    try:
        target = find(region, where=run.where, world=load_world(run.root, run.state))
        progress = Progress(output.err, time.monotonic)
        report = redrive_stack(target, dry_run=run.dry_run, progress=progress)
    except OperationError as error:
        return output.stopped("redrive", error)
    text = json.dumps(as_json(report)) if run.json_output else as_text(report)
    output.out.write(f"{text}\n")
    return ExitCode.DONE if report.everything_delivered else ExitCode.FAILED


def redrive_stack(
    target: Target, *, dry_run: bool, progress: Progress, hold: Hold | None = None
) -> Report:
    """One redrive of a stack, or one look at it.

    Args:
        hold: of the messages; without it, as long as it takes to look at them or to send them.
    """
    began = time.monotonic()
    hold = hold or (TO_LOOK if dry_run else TO_SEND)
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
