"""The project: schema, evaluate, token."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from antipode_tools.cli.options import StateOption, WhereOption
from antipode_tools.operate.stacks.errors import ExitCode
from antipode_tools.project.auth_mode import AuthMode


class Handler(StrEnum):
    """The two functions that a resolver's code exports."""

    REQUEST = "request"
    RESPONSE = "response"


def schema(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if anything would change.")
    ] = False,
    auth: Annotated[
        AuthMode | None, typer.Option(help="How clients sign in from now on, in every Region.")
    ] = None,
) -> None:
    """Write all that follows from graphql/models.graphql.

    \b
      antipode schema
      antipode schema --auth AWS_LAMBDA
      git diff graphql/schema.graphql template.yaml

    That is the schema, the documents that the relay sends, the scopes of tokens, and in
    template.yaml what the models need. Refuses what AWS would not take, and warns of what a running
    system does not take as it comes; docs/models.md says more.

    A schema is made for one mode of signing in, that of the parameter AuthMode in template.yaml:
    --auth writes its default there and marks the types with its directive. Each mode has
    parameters of its own, which the template names; the relay signs in with IAM in any case.
    """
    from antipode_tools.project.config import project_root
    from antipode_tools.schema import command

    if check and auth:
        raise typer.BadParameter("writes, and --check does not: use one", param_hint="--auth")
    raise typer.Exit(command.schema(project_root(), check=check, auth=auth))


def evaluate(
    code: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="The resolver's JavaScript.")
    ],
    context: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="JSON, as the handler's ctx.")
    ],
    function: Annotated[Handler, typer.Option(help="Which of the two handlers.")] = Handler.REQUEST,
) -> None:
    """Run one handler of a resolver, without a deployment.

    \b
      echo '{"arguments": {"id": "1"}}' > context.json
      antipode evaluate --code graphql/resolvers/get.js --context context.json

    Prints what `aws appsync evaluate-code` would. Ends with 1 if the code does not run.
    """
    from localaws.appsync.evaluate import InvalidContext, evaluate_code
    from localaws.appsync.ports import HandlerName

    try:
        told = evaluate_code(code.read_text(), HandlerName(function), context.read_text())
    except InvalidContext as error:
        raise typer.BadParameter(f"{context}: {error}", param_hint="--context") from error
    typer.echo(json.dumps(told, indent=2))
    if "error" in told:
        raise typer.Exit(ExitCode.FAILED)


def token(
    sub: Annotated[str, typer.Option(help="Whose token it is.")] = "you",
    scope: Annotated[
        str, typer.Option(help="What it grants: docs/authorization.md has the grammar.")
    ] = "items:read items:write",
    minutes: Annotated[int, typer.Option(min=1, max=1440, help="How long it is good.")] = 60,
    region: Annotated[
        str,
        typer.Option(
            help="Whose replica of the secret signs: ireland, or eu-west-1.",
            show_default="the first",
        ),
    ] = "",
    where: WhereOption = None,
    state: StateOption = None,
) -> None:
    """Print a token that every Region lets in, for trying out.

    \b
      antipode token --sub ada --scope items:read
      curl -s $URL -H "Authorization: $(antipode token)" -d '{"query": "..."}'

    Signed with the stack's own secret, which whoever runs this must be allowed to read.
    """
    from antipode_tools.operate.token import command

    run = command.Run(region=region, where=where, state=state)
    raise typer.Exit(command.token(command.Wanted(sub, scope, minutes), run))
