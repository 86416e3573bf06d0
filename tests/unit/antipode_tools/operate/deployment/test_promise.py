"""What holds of every deployment, whatever stands, is asked for, and breaks off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from antipode_tools.operate.cleanup.leftovers import Table
from antipode_tools.operate.deployment.standing import Standing, Wish
from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.project.regions import Region
from tests.unit.antipode_tools.operate.deployment.fakes import (
    AWAY,
    HOME,
    IRELAND,
    PARAMETERS,
    SYDNEY,
    TABLE,
    THIRD,
    VIRGINIA,
    FakeCloud,
    stack,
)

CODES = (HOME, AWAY, THIRD)
# With the owner's Region and any others.
LISTS = st.sets(st.sampled_from((AWAY, THIRD))).map(lambda others: (HOME, *sorted(others)))


def wanted(codes: Sequence[str]) -> list[Region]:
    parameters = {**PARAMETERS, "Regions": ",".join(codes)}
    every = [replace(each, parameters=parameters) for each in (IRELAND, SYDNEY, VIRGINIA)]
    return [each for each in every if each.code in codes]


@st.composite
def standings(draw: st.DrawFn) -> dict[str, Standing]:
    """What earlier deployments have left: the owner's stack, its replicas, some other stacks."""
    if not draw(st.booleans()):
        return {code: Standing() for code in CODES}
    codes = draw(LISTS)
    owner = stack(
        Regions=",".join(codes), DeletionProtection=draw(st.sampled_from(["true", "false"]))
    )
    full = draw(st.booleans())
    seen = {}
    for code in CODES:
        tables = {TABLE: Table(holds_items=full)} if code in codes else {}
        stands = code in codes and draw(st.booleans())
        seen[code] = Standing(stack(Regions=",".join(codes)) if stands else None, tables)
    return {**seen, HOME: Standing(owner, seen[HOME].tables)}


class WatchedCloud(FakeCloud):
    """Looks at each deployment before it is carried out."""

    def carry_out(self, change_set: str) -> None:
        region, overrides = self.drafts[change_set]
        owner = self.seen[HOME].stack
        if region.code == HOME:
            if owner:
                coming = set(region.parameters["Regions"].split(","))
                assert len(coming ^ owner.regions) <= 1
        else:
            assert owner
            assert region.code in owner.regions
            made = self.seen[region.code].stack is None
            full = self.seen[HOME].tables[TABLE].holds_items
            assert not (made and full) or overrides["RelayEnabled"] == "false"
        super().carry_out(change_set)


@given(
    seen=standings(),
    codes=LISTS,
    chosen=st.lists(st.sampled_from((0, 1, 2)), unique=True),
    breaks=st.lists(st.integers(0, 3), max_size=3),
)
def test_a_deployment_is_refused_or_ends_as_wished_and_never_takes_a_wrong_step(
    seen: dict[str, Standing], codes: Sequence[str], chosen: list[int], breaks: list[int]
) -> None:
    every = wanted(codes)
    picked = [every[each] for each in chosen if each < len(every)] or every
    wish = Wish(HOME, picked, {each.code: each for each in every}, [TABLE])
    cloud = WatchedCloud(seen)
    for at in [*breaks, 100]:
        left = iter(range(at, -1, -1))

        def before(_: str, left: object = left) -> None:
            if next(left) == 0:  # type: ignore[call-overload] # it is an iterator of numbers
                raise KeyboardInterrupt

        cloud.before = before
        deployment = cloud.deployment(wish, [])
        try:
            deployment.run(deployment.prepare().steps)
        except KeyboardInterrupt:
            continue
        except OperationError:
            # Refused before anything was done, in this run or in one that was interrupted.
            assert not deployment.done
            return
    for region in picked:
        stands = cloud.seen[region.code].stack
        assert stands
        assert cloud.versions[region.code] == cloud.version
        assert stands.protects or region.code != HOME
