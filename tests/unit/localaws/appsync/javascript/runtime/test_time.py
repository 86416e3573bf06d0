"""The guide's examples: https://docs.aws.amazon.com/appsync/latest/devguide/time-helpers-in-util-time.html"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from localaws.appsync.ports import Evaluation, HandlerError, Json

Run = Callable[..., Evaluation]
Value = Callable[..., Json]

FORMAT = "yyyy-MM-dd HH:mm:ssZ"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("nowISO8601()", "2018-02-06T19:01:35.758Z"),
        ("nowEpochSeconds()", 1517943695),
        ("nowEpochMilliSeconds()", 1517943695758),
        (f"nowFormatted('{FORMAT}')", "2018-02-06 19:01:35+0000"),
        (f"nowFormatted('{FORMAT}', '+08:00')", "2018-02-07 03:01:35+0800"),
        (f"nowFormatted('{FORMAT}', 'Australia/Perth')", "2018-02-07 03:01:35+0800"),
        ("epochMilliSecondsToSeconds(1517943695758)", 1517943695),
        ("epochMilliSecondsToISO8601(1517943695758)", "2018-02-06T19:01:35.758Z"),
        (
            f"epochMilliSecondsToFormatted(1517943695758, '{FORMAT}')",
            "2018-02-06 19:01:35+0000",
        ),
        (
            f"epochMilliSecondsToFormatted(1517943695758, '{FORMAT}', '+08:00')",
            "2018-02-07 03:01:35+0800",
        ),
        ("parseISO8601ToEpochMilliSeconds('2018-02-01T17:21:05.180+08:00')", 1517476865180),
        (
            f"parseFormattedToEpochMilliSeconds('2018-02-02 01:19:22+0800', '{FORMAT}')",
            1517505562000,
        ),
        (
            "parseFormattedToEpochMilliSeconds('2018-02-02 01:19:22', 'yyyy-MM-dd HH:mm:ss',"
            " '+08:00')",
            1517505562000,
        ),
        ("nowFormatted('yyyy-MM-dd[XXX]', '-07:00:30')", "2018-02-06-07:00"),
        (
            "nowFormatted(\"yyyy-MM-dd'T'HH:mm:ss[XXXXX]\", '-07:00:30')",
            "2018-02-06T12:01:05-07:00:30",
        ),
    ],
)
def test_the_guides_examples(value: Value, expression: str, expected: Json) -> None:
    assert value(f"util.time.{expression}") == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("yy M d H m s", "18 2 6 19 1 35"),
        ("uuuu MMM MMMM MMMMM L", "2018 Feb February F 2"),
        ("E EEEE EEEEE", "Tue Tuesday T"),
        ("h hh a K k DDD", "7 07 PM 7 19 037"),
        ("S SSS SSSSSS A n", "7 758 758000 68495758 758000000"),
        ("X XX XXX x xx xxx Z ZZZZ ZZZZZ", "Z Z Z +00 +0000 +00:00 +0000 GMT Z"),
        ("z VV O", "UTC UTC GMT"),
        ("'on' d, 'o''clock' ''", "on 6, o'clock '"),
    ],
)
def test_every_letter_is_rendered(value: Value, pattern: str, expected: str) -> None:
    assert value("util.time.nowFormatted(ctx.args.p)", arguments={"p": pattern}) == expected


@pytest.mark.parametrize(
    ("pattern", "zone", "expected"),
    [
        (
            "X XX XXX Z ZZZZ ZZZZZ O OOOO",
            "+05:30",
            "+0530 +0530 +05:30 +0530 GMT+05:30 +05:30 GMT+5:30 GMT+05:30",
        ),
        ("X O", "-03:00", "-03 GMT-3"),
        ("HH:mm z VV", "Europe/Berlin", "20:01 CET Europe/Berlin"),
        ("HH:mm z", "America/New_York", "14:01 EST"),
        ("HH:mm", "GMT+1", "20:01"),
    ],
)
def test_offsets_are_rendered(value: Value, pattern: str, zone: str, expected: str) -> None:
    arguments = {"p": pattern, "z": zone}

    assert value("util.time.nowFormatted(ctx.args.p, ctx.args.z)", arguments=arguments) == expected


@pytest.mark.parametrize(
    ("text", "pattern", "zone", "expected"),
    [
        ("2018-02-06T19:01:35.758Z", "yyyy-MM-dd'T'HH:mm:ss.SSSX", None, 1517943695758),
        ("Feb 6 2018 7:01 PM +0000", "MMM d yyyy h:mm a Z", None, 1517943660000),
        ("20180206", "yyyyMMdd", "UTC", 1517875200000),
        ("2018-037", "yyyy-DDD", "UTC", 1517875200000),
        ("06/02/18", "dd/MM/yy", "UTC", 1517875200000),
        ("2018-02-06", "yyyy-MM-dd['T'HH:mm]", "UTC", 1517875200000),
        ("2018-07-01 12:00", "yyyy-MM-dd HH:mm", "Europe/Berlin", 1530439200000),
        ("2018-01-01 12:00 Europe/Berlin", "yyyy-MM-dd HH:mm VV", None, 1514804400000),
        ("Tuesday 2018-02-06", "EEEE yyyy-MM-dd", "UTC", 1517875200000),
    ],
)
def test_texts_are_parsed(
    value: Value, text: str, pattern: str, zone: str | None, expected: int
) -> None:
    arguments = {"t": text, "p": pattern} | ({"z": zone} if zone else {})

    parsed = value(
        "util.time.parseFormattedToEpochMilliSeconds(ctx.args.t, ctx.args.p, ctx.args.z)",
        arguments=arguments,
    )

    assert parsed == expected


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("nowFormatted('YYYY')", "Unknown pattern letter: Y"),
        ("nowFormatted('HH', 'Mars/Olympus')", "Unknown time-zone ID: Mars/Olympus"),
        (
            "parseFormattedToEpochMilliSeconds('x', 'yyyy')",
            "Text 'x' could not be parsed with 'yyyy'",
        ),
        ("parseISO8601ToEpochMilliSeconds('x')", "Text 'x' could not be parsed"),
    ],
)
def test_what_is_not_understood_is_an_error(run: Run, expression: str, message: str) -> None:
    assert run(f"return util.time.{expression}").error == HandlerError(message, "Code")


def test_a_named_zone_changes_nothing_else_of_the_evaluation(run: Run) -> None:
    evaluation = run(
        "ctx.stash.id = util.autoId(); console.log('once');"
        " return [ctx.stash.id, util.time.nowFormatted('HH', 'Asia/Tokyo')];"
    )

    assert evaluation.result == [evaluation.stash["id"], "04"]
    assert evaluation.logs == ('INFO - code.js:3:33: "once"',)
