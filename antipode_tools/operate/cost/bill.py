"""A month's bill: what each service asks in each Region, and what each option would change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace

from antipode_tools.operate.cost.prices import Prices
from antipode_tools.operate.cost.traffic import (
    MINUTES_A_MONTH,
    WRITE_KB,
    Traffic,
    journal_units,
    updates_of,
)

# Of a change that Lambda hands over alone, the dearest way: with more in a batch it is less. A
# publish takes AppSync some 20 ms.
SECONDS_A_CHANGE, GIGABYTES = 0.03, 1.0
LOG_KB_A_BATCH = 1.5
LOG_KB_A_CHANGE, LOG_KB_A_WRITE = 0.5, 0.3
# What AppSync writes of any request: two summaries, its beginning and its end.
LOG_KB_A_REQUEST = 1.0

# Written by the relay in each Region; the lag has one more for each Region that writes.
RELAY_METRICS = 8
# Those that watch one metric each; of one the metrics are as many as the Regions.
ALARMS, COMPOSITE_ALARMS = 9, 1
MAPPING_METRICS = 6
CANARY_SECONDS, CANARY_GIGABYTES, CANARY_OPERATIONS = 1.5, 0.5, 2
WAF_RULES = 6
# graphql/resolvers/journal.js keeps an announcement so long.
JOURNAL_DAYS, DAYS_A_MONTH = 8, 30


@dataclass(frozen=True)
class Options:
    """What can be chosen, and costs something or saves it."""

    alarms: bool = False
    canary: bool = False
    dashboard: bool = False
    log_changes: bool = False
    mapping_metrics: bool = False
    sync: bool = False
    kms_key: bool = False
    web_acl: bool = False
    edge: bool = False


# Each option's parameter of the template, for people.
PARAMETERS = {
    "alarms": "AlarmTopicArn",
    "canary": "CanaryModel",
    "dashboard": "Dashboard=true",
    "log_changes": "LogChanges=true",
    "mapping_metrics": "MappingMetrics=true",
    "sync": "@model(sync: true) of every model",
    "kms_key": "KmsKeyId",
    "web_acl": "WebAcl=true",
    "edge": "edge/template.yaml",
}


def chosen(names: Iterable[str]) -> Options:
    """The options of these names, as the command line has them.

    Raises:
        ValueError: one is none.
    """
    known = [each.name for each in fields(Options)]
    found = [name.replace("-", "_") for name in names]
    if wrong := [name for name in found if name not in known]:
        there = ", ".join(name.replace("_", "-") for name in known)
        raise ValueError(f"there is no option {wrong[0]}; there are {there}")
    return Options(**dict.fromkeys(found, True))


@dataclass(frozen=True)
class Line:
    """One line of a bill, in US dollars a month."""

    region: str
    service: str
    what: str
    usd: float


def bill(
    traffic: Mapping[str, Traffic], models: int, options: Options, prices: Prices
) -> list[Line]:
    """Every line of a month's bill."""
    return [
        Line(region, service, what, prices.of(price, quantity))
        for region, each in traffic.items()
        for service, what, price, quantity in _region(each, len(traffic), models, options)
    ]


# A service, what of it, its price's name, and how much.
Item = tuple[str, str, str, float]


def _region(traffic: Traffic, regions: int, models: int, options: Options) -> Iterator[Item]:
    changes = traffic.changes
    yield "AppSync", "operations of clients", "appsync_operations", traffic.operations
    yield "AppSync", "announcements", "appsync_operations", changes
    yield "AppSync", "updates delivered", "appsync_updates", traffic.updates
    yield "AppSync", "connections", "appsync_connection_minutes", traffic.connection_minutes
    yield "AppSync", "data out", "data_out_gigabytes", traffic.gigabytes_out
    yield "DynamoDB", "writes", "dynamodb_writes", traffic.write_units
    yield "Lambda", "invocations", "lambda_requests", changes
    yield "Lambda", "time", "lambda_gigabyte_seconds", changes * SECONDS_A_CHANGE * GIGABYTES
    yield "CloudWatch", "metrics", "cloudwatch_metrics", RELAY_METRICS + regions
    yield (
        "CloudWatch",
        "logs of the relay",
        "cloudwatch_log_gigabytes",
        changes * LOG_KB_A_BATCH / 1_000_000,
    )
    logged = traffic.api_log_gigabytes
    if logged is None:
        logged = (traffic.operations + changes) * LOG_KB_A_REQUEST / 1_000_000
    yield "CloudWatch", "logs of the API", "cloudwatch_log_gigabytes", logged
    yield from _options(traffic, regions, models, options)


def _options(traffic: Traffic, regions: int, models: int, options: Options) -> Iterator[Item]:
    if options.alarms:
        yield "CloudWatch", "alarms", "cloudwatch_alarms", ALARMS + regions
        yield "CloudWatch", "alarms", "cloudwatch_composite_alarms", COMPOSITE_ALARMS
    if options.canary:
        yield from _canary(regions)
    if options.dashboard:
        yield "CloudWatch", "dashboard", "cloudwatch_dashboards", 1
    if options.log_changes:
        # Of operations the writes alone: at most all of them.
        kilobytes = traffic.changes * LOG_KB_A_CHANGE + traffic.operations * LOG_KB_A_WRITE
        yield "CloudWatch", "a line a change", "cloudwatch_log_gigabytes", kilobytes / 1_000_000
    if options.mapping_metrics:
        yield "CloudWatch", "mappings' metrics", "cloudwatch_metrics", MAPPING_METRICS * models
    if options.sync:
        yield from _journal(traffic)
    if options.kms_key:
        yield "KMS", "key", "kms_keys", 1
    if options.web_acl:
        requests = traffic.operations + traffic.changes
        yield "WAF", "web ACL", "waf_acls", 1
        yield "WAF", "rules", "waf_rules", WAF_RULES
        yield "WAF", "requests", "waf_requests", requests
    if options.edge:
        yield "CloudFront", "requests", "cloudfront_requests", traffic.operations
        yield "CloudFront", "functions", "cloudfront_functions", traffic.operations


def _journal(traffic: Traffic) -> Iterator[Item]:
    """A table of each Region's own: what one announces is written there once."""
    units = traffic.journal
    if units is None:
        units = traffic.changes * journal_units(traffic.kilobytes)
    stored = units * WRITE_KB / 1_000_000 * JOURNAL_DAYS / DAYS_A_MONTH
    yield "DynamoDB", "journal's writes", "dynamodb_writes", units
    yield "DynamoDB", "journal's storage, at most", "dynamodb_storage", stored


def _canary(regions: int) -> Iterator[Item]:
    looks = MINUTES_A_MONTH
    seconds = looks * CANARY_SECONDS * CANARY_GIGABYTES
    yield "Canary", "operations", "appsync_operations", looks * (CANARY_OPERATIONS + regions)
    yield "Canary", "updates", "appsync_updates", looks
    yield "Canary", "writes", "dynamodb_writes", looks * regions
    yield "Canary", "time", "lambda_gigabyte_seconds", seconds
    yield "Canary", "invocations", "lambda_requests", looks
    # What it misses, of each Region and of all; how late it heard; how old each other's write is.
    yield "Canary", "metrics", "cloudwatch_metrics", 2 * regions + 1


def total(lines: list[Line]) -> float:
    """What all lines come to."""
    return sum(line.usd for line in lines)


def effects(
    traffic: Mapping[str, Traffic], models: int, options: Options, prices: Prices
) -> dict[str, float]:
    """What choosing otherwise would add a month, or save where it is below zero, by option."""
    now = total(bill(traffic, models, options, prices))
    found: dict[str, float] = {}
    for each in fields(Options):
        chosen = getattr(options, each.name)
        other = replace(options, **{each.name: not chosen})
        parameter = PARAMETERS[each.name]
        name = f"without {parameter}" if chosen else parameter
        found[name] = total(bill(traffic, models, other, prices)) - now
    halved = {region: _with_half(each) for region, each in traffic.items()}
    found["half of the fields subscribed to"] = total(bill(halved, models, options, prices)) - now
    return found


def _with_half(traffic: Traffic) -> Traffic:
    """As if clients selected half of what is announced. An update is billed by 5 kB begun."""
    messages = traffic.updates / updates_of(traffic.kilobytes)
    return replace(
        traffic,
        updates=messages * updates_of(traffic.kilobytes / 2),
        gigabytes_out=traffic.gigabytes_out / 2,
    )
