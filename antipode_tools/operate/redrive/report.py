"""What a redrive found and did, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass

from antipode.json_values import Json
from antipode.relay.change import timestamp

from antipode_tools.operate.redrive.backlog import Entry
from antipode_tools.operate.redrive.redriving import Tally
from antipode_tools.operate.redrive.stored import Source
from antipode_tools.operate.redrive.survey import Group, Survey
from antipode_tools.operate.stacks.where import Where
from antipode_tools.operate.wording import counted

# Lines of one kind in the text for people; programs get all.
MOST_LINES = 20

_WHERE = {Where.AWS: "on AWS", Where.LOCAL: "in the local world"}
_NOUNS = {Source.QUEUE: "message", Source.BUCKET: "object"}


@dataclass(frozen=True)
class Report:
    """One run of the command.

    Args:
        tally: None after a look alone.
        seconds: how long it took.
    """

    region: str
    name: str
    stack: str
    where: Where
    survey: Survey
    tally: Tally | None
    seconds: float

    @property
    def kept(self) -> int:
        """How many records lie where they lay."""
        return len(self.survey.backlog) - (self.tally.settled if self.tally else 0)

    @property
    def everything_delivered(self) -> bool:
        """Whether nothing is known to be undelivered now."""
        tally, survey = self.tally or Tally(), self.survey
        left = self.kept + len(tally.rejected) + len(tally.not_removed) + len(survey.unreadable)
        return not (left or survey.hidden or tally.stopped) and survey.complete


def as_text(report: Report) -> str:
    """The report for people."""
    lines = [
        f"{report.name} ({report.region}), stack {report.stack}, {_WHERE[report.where]}",
        *_found(report.survey),
        *(_done(report, report.tally) if report.tally else ()),
        *_warnings(report.survey),
    ]
    return "\n".join(lines)


def as_json(report: Report) -> dict[str, Json]:
    """The report for programs."""
    survey, tally = report.survey, report.tally
    found = {
        "region": report.region,
        "name": report.name,
        "stack": report.stack,
        "where": report.where,
        "dry_run": tally is None,
        "seconds": round(report.seconds, 3),
        "records": len(survey.backlog),
        "messages": survey.places[Source.QUEUE],
        "objects": survey.places[Source.BUCKET],
        "groups": [_group(group) for group in survey.groups],
        "unreadable": [
            {"source": u.place.source, "name": u.place.name, "problem": u.problem}
            for u in survey.unreadable
        ],
        "hidden": survey.hidden,
        "complete": survey.complete,
    }
    return found | (_tally(report, tally) if tally else {})


def _tally(report: Report, tally: Tally) -> dict[str, Json]:
    return {
        "published": len(tally.published),
        "rejected": [_entry(entry, why) for entry, why in tally.rejected],
        "failed": [_entry(entry, why) for entry, why in tally.failed],
        "kept": report.kept,
        "messages_removed": tally.messages_removed,
        "objects_removed": tally.objects_removed,
        "objects_shrunk": tally.objects_shrunk,
        "not_removed": tally.not_removed,
        "stopped": tally.stopped or None,
    }


def _group(group: Group) -> dict[str, Json]:
    return {
        "source": group.source,
        "table": group.table,
        "reason": group.reason,
        "records": group.records,
        "oldest": _moment(group.oldest),
        "example": group.example,
    }


def _entry(entry: Entry, why: str) -> dict[str, Json]:
    identity = entry.identity
    return {
        "id": identity.id,
        "item": identity.item,
        "sequence": identity.sequence,
        "why": why,
    }


def _found(survey: Survey) -> list[str]:
    if survey.nothing_there:
        return ["nothing is undelivered"]
    where = " and ".join(
        counted(survey.places[source], _NOUNS[source]) for source in (Source.QUEUE, Source.BUCKET)
    )
    lines = [f"undelivered: {counted(len(survey.backlog), 'record')} in {where}"]
    return lines + [_group_line(group) for group in survey.groups]


def _group_line(group: Group) -> str:
    oldest = f", oldest of {_moment(group.oldest)}" if group.oldest is not None else ""
    example = f": {group.example}" if group.example else ""
    table = group.table or "no table"
    return f"  {group.source:<7}{group.records:>7}  {table}  {group.reason}{oldest}{example}"


def _done(report: Report, tally: Tally) -> list[str]:
    lines = [
        f"published {len(tally.published)}, rejected again {len(tally.rejected)},"
        f" kept {report.kept}; removed {counted(tally.messages_removed, 'message')} and"
        f" {counted(tally.objects_removed, 'object')} in {report.seconds:.1f} s"
    ]
    if tally.stopped:
        lines.append(f"stopped: {tally.stopped}")
    lines += _listed("failed, and kept with the later changes of the same item", tally.failed)
    lines += _listed("rejected again, and back in the queue", tally.rejected)
    if tally.not_removed:
        lines.append(f"published, but not removed: {', '.join(tally.not_removed[:MOST_LINES])}")
    return lines


def _listed(title: str, entries: list[tuple[Entry, str]]) -> list[str]:
    if not entries:
        return []
    lines = [
        f"  {entry.identity.item} sequence {entry.identity.sequence or 'none'}: {why}"
        for entry, why in entries[:MOST_LINES]
    ]
    more = len(entries) - len(lines)
    return [f"{title}:", *lines, *([f"  and {more} more"] if more else [])]


def _warnings(survey: Survey) -> list[str]:
    lines = [f"cannot be read: {u.place.name}: {u.problem}" for u in survey.unreadable[:MOST_LINES]]
    if survey.hidden:
        lines.append(
            f"about {counted(survey.hidden, 'message')} of the queue hidden by another reader;"
            " what a killed redrive had read is visible again within 30 minutes"
        )
    if not survey.complete:
        lines.append("there is more than one run reads: run this again")
    return lines


def _moment(seconds: float | None) -> str | None:
    return None if seconds is None else timestamp(seconds)
