"""What an operator is told, and what ends a deployment."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from antipode.relay.documents import VERSION

from antipode_tools.operate.deployment.command import Asked, Outside, Terminal, deploy, wished
from antipode_tools.operate.deployment.following import Time
from antipode_tools.operate.output import Output
from antipode_tools.operate.stacks.errors import ExitCode, UsageError
from antipode_tools.operate.stacks.target import load_world
from antipode_tools.project.finding import Finding, Verdict
from tests.unit.antipode_tools.operate.deployment.fakes import (
    HOME,
    KEY_ENDS,
    NOW,
    FakeCloud,
    nothing,
    standing,
    wish,
)

AWAY = "ap-southeast-2"


@dataclass
class Screen:
    """A terminal that answers as it is told."""

    answer: bool = True
    findings: list[Finding] = field(default_factory=list)
    out: io.StringIO = field(default_factory=io.StringIO)
    err: io.StringIO = field(default_factory=io.StringIO)
    questions: list[str] = field(default_factory=list)

    def confirm(self, question: str) -> bool:
        self.questions.append(question)
        return self.answer

    def run(self, cloud: FakeCloud, asked: Asked | None = None) -> ExitCode:
        asked = replace(asked or Asked(), output=Output(self.out, self.err))

        def deployment(say: object) -> object:
            made = cloud.deployment(wish(), [])
            made.say = say  # type: ignore[assignment]
            return made

        terminal = Terminal(self.confirm, Time(lambda: NOW, cloud.clock, cloud.clock.sleep))
        outside = Outside(deployment, lambda: self.findings)  # type: ignore[arg-type]
        return deploy(asked, outside=outside, terminal=terminal)


def test_a_dry_run_says_everything_and_deploys_nothing() -> None:
    screen, cloud = Screen(), FakeCloud(nothing(HOME, AWAY))
    assert screen.run(cloud, Asked(dry_run=True)) is ExitCode.DONE
    assert cloud.carried == []
    assert screen.out.getvalue().splitlines() == [
        "building",
        f"1. deploy ireland: make its stack with DeletionProtection=false ApiKeyExpires={KEY_ENDS}",
        f"2. deploy sydney: make its stack with ApiKeyExpires={KEY_ENDS}",
        "3. deploy ireland: protect the tables with DeletionProtection=true",
        "dry run: nothing is deployed",
    ]


def test_a_dry_run_leaves_no_change_set() -> None:
    cloud = FakeCloud(standing(HOME, AWAY))
    assert Screen().run(cloud, Asked(dry_run=True)) is ExitCode.DONE
    assert (cloud.carried, len(cloud.discarded)) == ([], 2)


def test_it_asks_once_and_deploys_all() -> None:
    screen, cloud = Screen(), FakeCloud(nothing(HOME, AWAY))
    assert screen.run(cloud) is ExitCode.DONE
    assert screen.questions == ["Deploy this?"]
    assert len(cloud.carried) == 3
    assert screen.out.getvalue().splitlines()[-1] == "deployed: ireland, sydney"


def test_without_a_yes_nothing_is_deployed() -> None:
    screen, cloud = Screen(answer=False), FakeCloud(standing(HOME, AWAY))
    assert screen.run(cloud) is ExitCode.FAILED
    assert (cloud.carried, len(cloud.discarded)) == ([], 2)
    assert screen.err.getvalue() == (
        "antipode deploy: not confirmed; nothing was deployed (--yes confirms)\n"
    )


def test_with_a_yes_beforehand_nobody_is_asked() -> None:
    screen = Screen()
    assert screen.run(FakeCloud(standing(HOME, AWAY)), Asked(yes=True)) is ExitCode.DONE
    assert screen.questions == []


def test_programs_get_a_line_of_json_for_each_event() -> None:
    screen = Screen()
    screen.run(FakeCloud(standing(HOME, AWAY), version=1), Asked(yes=True, json_output=True))
    assert [json.loads(line)["at"] for line in screen.out.getvalue().splitlines()][:2] == [
        "building",
        "ireland: nothing changes",
    ]


def test_what_a_doctor_minds_is_said_and_does_not_forbid() -> None:
    screen = Screen(
        findings=[
            Finding("IAM roles", Verdict.RIGHT, "40 of 1000"),
            Finding("API key", Verdict.WRONG, "it has expired", "a later ApiKeyExpires", HOME),
        ]
    )
    assert screen.run(FakeCloud(standing(HOME, AWAY)), Asked(dry_run=True)) is ExitCode.DONE
    assert screen.out.getvalue().splitlines()[0] == (
        f"! {HOME}: API key: it has expired (a later ApiKeyExpires)"
    )


def test_without_credentials_nothing_is_begun() -> None:
    missing = "there are no credentials for AWS (aws configure)"
    screen, cloud = Screen(findings=[Finding("credentials", Verdict.WRONG, missing)]), FakeCloud({})
    assert screen.run(cloud) is ExitCode.NOT_RUNNING
    assert screen.err.getvalue() == f"antipode deploy: {missing}\n"
    assert cloud.builds == 0


ADA = "arn:aws:iam::111122223333:user/ada"


def test_who_deploys_is_said_first() -> None:
    screen = Screen(findings=[Finding("credentials", Verdict.RIGHT, ADA)])
    role = "arn:aws:iam::111122223333:role/stack"
    assert screen.run(FakeCloud(standing(HOME, AWAY)), Asked(dry_run=True, role=role)) == 0
    assert screen.out.getvalue().splitlines()[0] == f"as {ADA}"


def test_a_role_of_another_account_is_refused_before_anything_is_built() -> None:
    screen = Screen(findings=[Finding("credentials", Verdict.RIGHT, ADA)])
    cloud, role = FakeCloud(standing(HOME, AWAY)), "arn:aws:iam::444455556666:role/stack"
    assert screen.run(cloud, Asked(yes=True, role=role)) is ExitCode.WRONG_USAGE
    assert screen.err.getvalue() == (
        f"antipode deploy: the role {role} is of account 444455556666, and the credentials are"
        f" those of {ADA}: use those of the account to deploy to\n"
    )
    assert cloud.builds == 0


def test_credentials_that_cannot_be_looked_at_are_said() -> None:
    screen = Screen(findings=[Finding("credentials", Verdict.WARNING, "AccessDenied", "ask")])
    assert screen.run(FakeCloud(standing(HOME, AWAY)), Asked(dry_run=True)) is ExitCode.DONE
    assert screen.out.getvalue().splitlines()[0] == "! credentials: AccessDenied"


def test_an_interruption_says_that_it_can_be_gone_on_with() -> None:
    def interrupted(_: str) -> None:
        raise KeyboardInterrupt

    screen, cloud = Screen(), FakeCloud(standing(HOME, AWAY), before=interrupted)
    assert screen.run(cloud, Asked(yes=True)) is ExitCode.INTERRUPTED
    assert screen.err.getvalue() == (
        "antipode deploy: interrupted; CloudFormation ends what it is at. Run this again: it"
        " continues from there\n"
    )


# -- By samconfig.toml ----------------------------------------------------------------------------

TWO = """
[ireland.deploy.parameters]
region = "eu-west-1"
stack_name = "antipode"
parameter_overrides = "HomeRegion=eu-west-1 Regions=eu-west-1,ap-southeast-2"

[sydney.deploy.parameters]
region = "ap-southeast-2"
stack_name = "{stack}"
parameter_overrides = "HomeRegion={home} Regions=eu-west-1,ap-southeast-2"
"""


def asked_of(
    root: Path, *names: str, stack: str = "antipode", home: str = "eu-west-1"
) -> list[str]:
    (root / "samconfig.toml").write_text(TWO.format(stack=stack, home=home))
    (root / "src/relay").mkdir(parents=True)
    (root / "src/relay/publish.json").write_text(json.dumps({"version": VERSION, "models": {}}))
    wanted = wished(Asked(regions=names, root=root), load_world(root))
    return [region.name for region in wanted.chosen]


def test_by_default_every_region_of_samconfig_is_deployed(tmp_path: Path) -> None:
    assert asked_of(tmp_path) == ["ireland", "sydney"]


def test_regions_are_deployed_as_they_are_named_and_once(tmp_path: Path) -> None:
    named = asked_of(tmp_path, "ap-southeast-2", "ireland", "sydney")
    assert named == ["sydney", "ireland"]


def test_regions_of_two_systems_are_not_deployed_as_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        asked_of(tmp_path, stack="other")
    assert str(caught.value) == (
        "ireland has antipode, and sydney has other in ap-southeast-2: not one system"
    )


def test_models_that_cannot_be_read_are_said_to_be_compiled(tmp_path: Path) -> None:
    (tmp_path / "samconfig.toml").write_text(TWO.format(stack="antipode", home="eu-west-1"))
    with pytest.raises(UsageError, match="the models cannot be read, run antipode schema: "):
        wished(Asked(root=tmp_path), load_world(tmp_path))


@pytest.mark.parametrize("home", ["ap-southeast-2", "us-east-1"])
def test_environments_that_do_not_agree_on_the_home_region_are_refused(
    tmp_path: Path, home: str
) -> None:
    with pytest.raises(UsageError, match="does not name one HomeRegion that it has"):
        asked_of(tmp_path, home=home)
