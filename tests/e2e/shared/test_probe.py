"""The probe, in a world as a user has it."""

from __future__ import annotations

import io
import json

from antipode_tools.operate.output import Output
from antipode_tools.operate.probe.command import Run, probe
from antipode_tools.operate.stacks.errors import ExitCode
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.world_file import WorldFile


def test_every_region_hears_of_every_write_once_and_in_order(world: WorldFile) -> None:
    out, err = io.StringIO(), io.StringIO()
    asked = Run(
        where=Where.LOCAL,
        state=world.logs.parent,
        writes=9,
        pause_s=0.5,  # what follows sooner may be replicated as one, on a busy machine
        json_output=True,
        output=Output(out, err),
    )
    assert (probe([], asked), err.getvalue()) == (ExitCode.DONE, "")
    told = json.loads(out.getvalue())
    assert [
        (pair["written_in"], pair["heard_in"], len(pair["milliseconds"]), pair["out_of_order"])
        for pair in told["pairs"]
    ] == [
        (writer, listener, 9, 0)
        for writer in ("ireland", "sydney")
        for listener in ("ireland", "sydney")
    ]
