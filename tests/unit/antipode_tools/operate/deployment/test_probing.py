"""What a deployment makes of a probe."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from antipode_tools.operate.deployment.probing import probing
from antipode_tools.operate.probe.command import Run
from antipode_tools.operate.stacks.errors import ExitCode
from antipode_tools.operate.stacks.where import Where
from tests.unit.antipode_tools.operate.deployment.fakes import IRELAND


@pytest.mark.parametrize(
    ("out", "err", "ended", "told"),
    [
        ("✔ nothing lost, nothing twice", "", ExitCode.DONE, ""),
        ("table\n✖ 3 lost\n✖ 1 twice", "", ExitCode.FAILED, "3 lost; 1 twice"),
        ("", "antipode probe: no token\n", ExitCode.NOT_RUNNING, "antipode probe: no token"),
    ],
)
def test_a_region_is_probed_alone_and_what_failed_is_said(
    out: str, err: str, ended: ExitCode, told: str
) -> None:
    def run(regions: Sequence[str], asked: Run) -> ExitCode:
        assert (regions, asked.writes, asked.where) == (["ireland"], 9, Where.AWS)
        asked.output.out.write(out)
        asked.output.err.write(err)
        return ended

    assert probing(9, run=run)(IRELAND) == told
