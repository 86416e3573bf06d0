"""What CloudFormation would do to a stack, and which of it somebody would mind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from antipode_tools.operate.wording import counted

TABLE = "AWS::DynamoDB::GlobalTable"

# What it means where one of these is replaced or removed. The rest is made anew unseen.
MATTERS: Mapping[str, str] = {
    TABLE: "its items stay in it, in every Region, out of the stack",
    "AWS::AppSync::GraphQLApi": "its addresses and its key become others: every client must know",
    "AWS::AppSync::ApiKey": "clients need the new key",
    "AWS::Lambda::EventSourceMapping": "the last day's changes are announced again",
    "AWS::SecretsManager::Secret": "tokens signed with it are refused",
    "AWS::S3::Bucket": "what it holds stays in the old one, out of the stack",
    "AWS::SQS::Queue": "undelivered changes in it are lost: redrive first",
}


class Action(StrEnum):
    """As CloudFormation names them."""

    ADD = "Add"
    MODIFY = "Modify"
    REMOVE = "Remove"
    IMPORT = "Import"
    DYNAMIC = "Dynamic"  # a nested stack's, which is decided later

    @property
    def sign(self) -> str:
        return {Action.ADD: "+", Action.REMOVE: "-"}.get(self, "~")


class Replacement(StrEnum):
    """Whether a modified resource is made anew."""

    NO = "False"
    YES = "True"
    PERHAPS = "Conditional"


@dataclass(frozen=True)
class Change:
    """What becomes of one resource.

    Args:
        kind: its type, AWS::DynamoDB::GlobalTable.
    """

    action: Action
    name: str
    kind: str
    replacement: Replacement = Replacement.NO

    @property
    def ends_the_old(self) -> bool:
        """Whether the resource that is there now goes, or may go."""
        return self.action is Action.REMOVE or self.replacement is not Replacement.NO

    def __str__(self) -> str:
        how = {
            Replacement.NO: "",
            Replacement.YES: ", replaced",
            Replacement.PERHAPS: ", perhaps replaced",
        }[self.replacement]
        matters = f": {MATTERS[self.kind]}" if self.kind in MATTERS and self.ends_the_old else ""
        return f"{self.action.sign} {self.name} ({self.kind}){how}{matters}"


@dataclass(frozen=True)
class ChangeSet:
    """A deployment that was worked out and not yet carried out.

    Args:
        id: its ARN.
    """

    id: str
    changes: Sequence[Change]

    @property
    def touches_tables(self) -> bool:
        return any(change.kind == TABLE for change in self.changes)

    def refusals(self, region: str) -> Iterator[str]:
        """Why it may not be carried out."""
        for change in self.changes:
            if change.kind == TABLE and change.replacement is Replacement.YES:
                yield (
                    f"{change.name} in {region} would be replaced by an empty table: look at what"
                    " changed in template.yaml and graphql/models.graphql (docs/models.md)"
                )

    def summary(self) -> str:
        """`4 changes: 1 added, 3 modified`."""
        named = {Action.ADD: "added", Action.MODIFY: "modified", Action.REMOVE: "removed"}
        counts = [
            f"{number} {word}"
            for action, word in named.items()
            if (number := sum(change.action is action for change in self.changes))
        ]
        return f"{counted(len(self.changes), 'change')}: {', '.join(counts)}"
