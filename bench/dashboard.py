"""What the dashboard shows of a run of the local world, as a picture.

`antipode up && python -m bench.dashboard [--region ireland] [--svg FILE] [--figures FILE]`. For a
minute and a half it writes in every Region of the running world, listens there, puts distance
between them, has one throttle, and heals it again; it notes what CloudWatch would, and draws it.
`--figures` keeps the figures as JSON; `--draw FILE` draws from such a file, without a world.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from pathlib import Path

from antipode.canary.errors import GraphqlError
from antipode.canary.graphql import Graphql

from antipode_tools.operate.probe.endpoint import Endpoint, endpoint
from antipode_tools.operate.probe.listening import TIMEOUT_S, listening
from antipode_tools.operate.redrive import services
from antipode_tools.operate.stacks.target import Target, find, load_world, running
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.sample import new_key, sample, written
from antipode_tools.project.world_file import WorldFile
from antipode_tools.world.order_api import ask, counted, waiting_since
from antipode_tools.world.orders import Order
from bench.widgets import Figures, Look, drawn, metrics_of

SECONDS = 90
# Between two writes of a Region.
_PAUSE_S = 0.2
_LOOK_S = 1.0


def orders(names: Sequence[str]) -> list[tuple[float, str, Order]]:
    """What is done to the world: when, what a reader is told of it, and the order."""
    here, there = names[0], names[-1]
    return [
        (20, f"a second to {there}", Order("lag", (here, there), lag_s=1.0)),
        (40, "as it was", Order("heal", (here, there))),
        (50, f"{here} throttles", Order("throttle", (here,), a_second=4)),
        (65, "as it was", Order("heal")),
    ]


def run(world: WorldFile, targets: Sequence[Target], here: Target) -> Figures:
    """A run, as the Region `here` sees it."""
    endpoints = [
        endpoint(each, world=world.regions[each.region.code], token=None) for each in targets
    ]
    names = [each.region.name for each in targets]
    others = [name for name in names if name != here.region.name]
    plan = orders([here.region.name, *others])
    over, began = threading.Event(), time.time()
    looks: list[Look] = []
    with ExitStack() as exits:
        for each in endpoints:
            key = sample(each.schema, each.models, key=new_key())
            exits.enter_context(listening(each, key, time.monotonic))
        writers = [threading.Thread(target=_write, args=(each, over)) for each in endpoints]
        for writer in writers:
            writer.start()
        try:
            for at in _seconds(began):
                for _, _, order in [due for due in plan if at - _LOOK_S < due[0] <= at]:
                    ask(world, order)
                looks.append(_look(world, here, at))
        finally:
            over.set()
            for writer in writers:
                writer.join()
            ask(world, Order("heal"))
    return Figures(
        region=here.region.name,
        names={each.region.code: each.region.name for each in targets},
        looks=looks,
        metrics=metrics_of(_log(here, began), began),
        marks=[(at, what) for at, what, _ in plan],
    )


def _seconds(began: float) -> Iterator[float]:
    for number in range(SECONDS + 1):
        time.sleep(max(0.0, began + number * _LOOK_S - time.time()))
        yield number * _LOOK_S


def _look(world: WorldFile, here: Target, at: float) -> Look:
    code = here.region.code
    since = waiting_since(world)[code]
    queue = services.sqs(here).get_queue_attributes(
        QueueUrl=here.output(services.QUEUE_URL), AttributeNames=["ApproximateNumberOfMessages"]
    )
    return Look(
        at=at,
        age_ms=0.0 if since is None else max(0.0, (time.time() - since) * 1000),
        set_aside=int(queue["Attributes"]["ApproximateNumberOfMessages"]),
        connections=counted(world)[code].connections,
    )


def _write(where: Endpoint, over: threading.Event) -> None:
    """Creates items one after the other; what is refused was to be expected."""
    with closing(Graphql(where.graphql_url, where.sign, timeout=TIMEOUT_S)) as writer:
        while not over.wait(_PAUSE_S):
            item = sample(where.schema, where.models, key=new_key())
            values = written({**item.key, **item.created})
            with suppress(GraphqlError):
                writer.execute(
                    f"mutation {{ create{item.model}(input: {{{values}}})"
                    f" {{ {' '.join(item.key)} }} }}"
                )


def _log(here: Target, since: float) -> Iterator[str]:
    """The relay's log, line by line."""
    functions = here.session.client("lambda", **here.arguments)
    relay = functions.get_function_configuration(FunctionName=here.output(services.RELAY))
    logs = here.session.client("logs", **here.arguments)
    for page in logs.get_paginator("filter_log_events").paginate(
        logGroupName=relay["LoggingConfig"]["LogGroup"], startTime=int(since * 1000)
    ):
        for event in page["events"]:
            yield from event["message"].splitlines()


def _of_running_world(region: str, state: Path | None) -> Figures:
    config = load_world(state=state)
    world = running(config)
    targets = [find(each.name, where=Where.LOCAL, world=config) for each in world.regions.values()]
    here = next((each for each in targets if each.region.name == region), targets[0])
    return run(world, targets, here)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.dashboard")
    parser.add_argument("--region", default="", help="whose dashboard; the first by default")
    parser.add_argument("--state", type=Path, help="the world's folder, if not the project's own")
    parser.add_argument("--svg", type=Path, default=Path("dashboard.svg"))
    parser.add_argument("--figures", type=Path, help="keep the figures in this file, too")
    parser.add_argument("--draw", type=Path, help="draw the figures of this file")
    asked = parser.parse_args()
    if asked.draw:
        figures = Figures.from_json(asked.draw.read_text())
    else:
        figures = _of_running_world(asked.region, asked.state)
    if asked.figures:
        asked.figures.write_text(figures.as_json())
    asked.svg.write_text(drawn(figures))
    sys.stdout.write(f"{asked.svg}\n")


if __name__ == "__main__":
    main()
