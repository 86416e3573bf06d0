"""What is told of an account and its stacks, well and otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from antipode_tools.operate.doctor.checks import Patient, examine
from antipode_tools.operate.doctor.ports import Concurrency, Deployed
from antipode_tools.operate.stacks.errors import NoCredentials, OperationError
from antipode_tools.project.finding import Finding, Verdict
from antipode_tools.project.regions import Region

DAY_S = 86_400.0
IRELAND = Region(
    "ireland", "eu-west-1", "antipode", {"HomeRegion": "eu-west-1", "AuthMode": "API_KEY"}
)
SYDNEY = replace(IRELAND, name="sydney", code="ap-southeast-2")
STANDING = Deployed(
    "UPDATE_COMPLETE", {"HomeRegion": "eu-west-1", "AuthMode": "API_KEY"}, {"ApiId": "a"}, "abc"
)
ME = "arn:aws:iam::111122223333:user/ada"


@dataclass
class FakeAccount:
    error: OperationError | None = None
    used: int = 40

    def caller(self) -> str:
        if self.error:
            raise self.error
        return ME

    def roles(self) -> tuple[int, int]:
        return self.used, 1000


@dataclass
class FakeRegion:
    """A Region in which all is well.

    Args:
        denied: no question is answered.
    """

    stack_: Deployed | None = STANDING
    limit: int = 1000
    tables: Mapping[str, bool] = field(default_factory=lambda: {"antipode-ItemsModel": True})
    ends: Sequence[float] = (364 * DAY_S,)
    denied: bool = False

    def concurrency(self) -> Concurrency:
        self.asked()
        return Concurrency(self.limit, self.limit)

    def stack(self) -> Deployed | None:
        self.asked()
        return self.stack_

    def protection(self) -> Mapping[str, bool]:
        self.asked()
        return self.tables

    def key_ends(self, api_id: str) -> Sequence[float]:
        assert api_id == "a"
        self.asked()
        return self.ends

    def asked(self) -> None:
        if self.denied:
            raise OperationError("AccessDenied")


def findings(*regions: FakeRegion, account: FakeAccount | None = None) -> list[Finding]:
    patients = [
        Patient(region, services)
        for region, services in zip([IRELAND, SYDNEY], regions, strict=False)
    ]
    return list(examine(account or FakeAccount(), patients, now=0.0))


def amiss(*regions: FakeRegion, account: FakeAccount | None = None) -> list[Finding]:
    return [
        each for each in findings(*regions, account=account) if each.verdict is not Verdict.RIGHT
    ]


def test_where_all_is_well_everything_says_so() -> None:
    assert [
        (each.region, each.subject, each.found) for each in findings(FakeRegion(), FakeRegion())
    ] == [
        ("", "credentials", ME),
        ("", "IAM roles", "40 of 1000"),
        *(
            (code, subject, found)
            for code in ("eu-west-1", "ap-southeast-2")
            for subject, found in [
                ("Lambda concurrency", "1000 of 1000 unreserved"),
                ("stack", "UPDATE_COMPLETE"),
                ("table antipode-ItemsModel", "protected from deletion"),
                ("parameters", "as in samconfig.toml"),
                ("API key", "it expires in 364 days"),
            ]
        ),
        ("", "templates", "the same in every Region"),
    ]
    assert amiss(FakeRegion(), FakeRegion()) == []


def test_without_credentials_nothing_else_is_asked() -> None:
    account = FakeAccount(NoCredentials("there are no credentials for AWS (aws configure)"))
    assert [(each.subject, each.verdict) for each in findings(FakeRegion(), account=account)] == [
        ("credentials", Verdict.WRONG)
    ]


def test_what_may_not_be_looked_at_is_a_warning_and_the_rest_is_looked_at() -> None:
    found = findings(FakeRegion(denied=True), FakeRegion())
    assert [(each.subject, each.found) for each in found if each.verdict is Verdict.WARNING] == [
        ("Lambda concurrency", "AccessDenied"),
        ("stack", "AccessDenied"),
    ]
    assert {each.region for each in found} == {"", "eu-west-1", "ap-southeast-2"}


def test_before_the_first_deployment_nothing_is_missed() -> None:
    assert amiss(FakeRegion(stack_=None, tables={})) == []


@pytest.mark.parametrize(
    ("region", "subject", "verdict", "found", "fix"),
    [
        (
            FakeRegion(limit=10),
            "Lambda concurrency",
            Verdict.WARNING,
            "10 of 10 unreserved",
            "at least 100 for the relay not to be throttled: aws service-quotas"
            " request-service-quota-increase --service-code lambda --quota-code L-B99A9384"
            " --desired-value 1000 --region eu-west-1",
        ),
        (
            FakeRegion(stack_=None),
            "table antipode-ItemsModel",
            Verdict.WRONG,
            "there without a stack: its name blocks the deployment",
            "antipode import ireland keeps it; antipode cleanup deletes it",
        ),
        (
            FakeRegion(tables={"antipode-ItemsModel": False}),
            "table antipode-ItemsModel",
            Verdict.WARNING,
            "not protected from deletion",
            "deploy the home Region with DeletionProtection=true",
        ),
        (
            FakeRegion(stack_=replace(STANDING, status="ROLLBACK_FAILED")),
            "stack",
            Verdict.WRONG,
            "ROLLBACK_FAILED",
            "antipode cleanup with the name of every Region, then sam deploy --config-env ireland",
        ),
        (
            FakeRegion(stack_=replace(STANDING, status="UPDATE_IN_PROGRESS")),
            "stack",
            Verdict.WARNING,
            "UPDATE_IN_PROGRESS",
            "wait until it is done",
        ),
        (
            FakeRegion(stack_=replace(STANDING, status="UPDATE_ROLLBACK_FAILED")),
            "stack",
            Verdict.WRONG,
            "UPDATE_ROLLBACK_FAILED",
            "aws cloudformation continue-update-rollback --stack-name antipode --region eu-west-1,"
            " then sam deploy --config-env ireland",
        ),
        (
            FakeRegion(stack_=replace(STANDING, protected=False)),
            "stack",
            Verdict.WARNING,
            "UPDATE_COMPLETE, without termination protection",
            "aws cloudformation update-termination-protection --enable-termination-protection"
            " --stack-name antipode --region eu-west-1",
        ),
        (
            FakeRegion(ends=[5 * DAY_S, 29.5 * DAY_S]),
            "API key",
            Verdict.WARNING,
            "it expires in 29 days",
            "deploy ireland with a later ApiKeyExpires: docs/operations.md",
        ),
        (
            FakeRegion(ends=[-1.0]),
            "API key",
            Verdict.WRONG,
            "it has expired",
            "deploy ireland with a later ApiKeyExpires: docs/operations.md",
        ),
        (
            FakeRegion(ends=[]),
            "API key",
            Verdict.WRONG,
            "there is none",
            "deploy ireland with a later ApiKeyExpires: docs/operations.md",
        ),
        (
            FakeRegion(
                stack_=replace(STANDING, parameters={**STANDING.parameters, "HomeRegion": "x"})
            ),
            "parameters",
            Verdict.WARNING,
            "HomeRegion is 'x', samconfig.toml says 'eu-west-1'",
            "sam deploy --config-env ireland, or change samconfig.toml",
        ),
    ],
)
def test_what_is_amiss_comes_with_its_fix(
    region: FakeRegion, subject: str, verdict: Verdict, found: str, fix: str
) -> None:
    assert amiss(region) == [Finding(subject, verdict, found, fix, "eu-west-1")]


def test_a_table_that_a_model_names_is_to_be_adopted() -> None:
    named = replace(IRELAND, parameters={**IRELAND.parameters, "TodoTableName": "todos"})
    patient = Patient(named, FakeRegion(stack_=None, tables={"todos": True}))
    [finding] = [
        each for each in examine(FakeAccount(), [patient], now=0.0) if each.subject == "table todos"
    ]
    assert finding.fix == "antipode adopt todos --model Todo says how to take it in"


def test_a_mode_without_a_key_needs_none() -> None:
    other = replace(STANDING, parameters={**STANDING.parameters, "AuthMode": "AWS_IAM"})
    assert "API key" not in {each.subject for each in findings(FakeRegion(other, ends=[]))}


def test_stacks_of_different_templates_are_reported() -> None:
    older = FakeRegion(stack_=replace(STANDING, digest="0123456789"))
    assert amiss(FakeRegion(), older) == [
        Finding(
            "templates",
            Verdict.WARNING,
            "not the same in every Region: eu-west-1 has abc, ap-southeast-2 has 01234567",
            "sam build once, then sam deploy in each Region, the home Region first",
        )
    ]


def test_an_account_full_of_roles_is_reported_before_a_deployment_fails() -> None:
    assert amiss(FakeRegion(), account=FakeAccount(used=993)) == [
        Finding(
            "IAM roles",
            Verdict.WARNING,
            "993 of 1000",
            "ask for a higher quota of roles, or delete some that nobody needs",
        )
    ]
