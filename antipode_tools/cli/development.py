"""The project: init, schema, evaluate, token, outputs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import typer

from antipode_tools.cli.options import RegionArgument, StateOption, WhereOption
from antipode_tools.operate.stacks.errors import ExitCode
from antipode_tools.project.auth_mode import listed


def init(
    directory: Annotated[
        Path | None,
        typer.Argument(help="Of a project of your own.", show_default="this one"),
    ] = None,
) -> None:
    """Begin with a small model and an operation.

    \b
      antipode init ../shop
      rm graphql/models.graphql && antipode init

    Writes graphql/models.graphql, one resolver of your own in graphql/operations, and all that
    `antipode schema` makes of them. Where there are models or operations it writes nothing.

    With a DIRECTORY it first makes a project there, a clone of this one, in which `git merge` takes
    a later release: docs/upgrading.md says how.
    """
    from antipode_tools.project.config import project_root
    from antipode_tools.schema import founding, starting

    if directory is not None:
        raise typer.Exit(founding.found(project_root(), directory, faults=_faults))
    raise typer.Exit(starting.init(project_root(), faults=_faults))


def schema(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if anything would change.")
    ] = False,
    auth: Annotated[
        str, typer.Option(metavar="MODE[,MODE...]", help="How clients sign in, the default first.")
    ] = "",
    force: Annotated[
        bool, typer.Option("--force", help="Write over what was edited in generated files.")
    ] = False,
    modernise: Annotated[
        bool,
        typer.Option(
            "--modernise", help="First rewrite @key, @connection and @versioned as of today."
        ),
    ] = False,
) -> None:
    """Compile graphql/models.graphql.

    \b
      antipode schema
      antipode schema --auth AWS_LAMBDA
      antipode schema --auth AWS_LAMBDA,API_KEY
      git diff graphql/schema.graphql template.yaml

    Writes the schema, the documents that the relay publishes with, the scopes of tokens, and the
    models' part of template.yaml. Refuses what AWS would refuse, and warns of changes that a
    running system cannot simply take; see docs/models.md. Resolvers of your own, in
    graphql/operations, are looked at as AppSync would. A generated file that was edited is left as
    it is, with a word about what would go.

    A schema is made for the ways of signing in that template.yaml has: the defaults of AuthMode and
    AdditionalAuthModes. --auth changes them there and in the directives of the schema. The modes
    are API_KEY, AWS_LAMBDA, AMAZON_COGNITO_USER_POOLS, OPENID_CONNECT and AWS_IAM; each has
    parameters of its own, listed in the template. The relay always signs in with IAM.

    Directives of Amplify's first transformer are read with a warning each. --modernise writes them
    as they are today; comments and layout stay.
    """
    from antipode_tools.project.config import project_root
    from antipode_tools.schema import command

    try:
        modes = listed(auth)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--auth") from error
    if check and auth:
        raise typer.BadParameter(
            "cannot be combined with --check, which writes nothing", param_hint="--auth"
        )
    if check and modernise:
        raise typer.BadParameter(
            "cannot be combined with --check, which writes nothing", param_hint="--modernise"
        )
    if modernise and (code := command.modernise(project_root())):
        raise typer.Exit(code)
    raise typer.Exit(
        command.schema(project_root(), check=check, auth=modes, force=force, faults=_faults)
    )


def _faults(code: str) -> Iterator[tuple[int, str]]:
    """What AppSync would refuse of a resolver's code."""
    from localaws.appsync.javascript.checks import check

    for error in check(code):
        yield error.location.line, error.value


def evaluate(
    code: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="The resolver's JavaScript.")
    ],
    context: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="The handler's ctx, as JSON.")
    ],
    function: Annotated[
        Literal["request", "response"], typer.Option(help="Which handler to run.")
    ] = "request",
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
        result = evaluate_code(code.read_text(), HandlerName(function), context.read_text())
    except InvalidContext as error:
        raise typer.BadParameter(f"{context}: {error}", param_hint="--context") from error
    typer.echo(json.dumps(result, indent=2))
    if "error" in result:
        raise typer.Exit(ExitCode.FAILED)


def token(
    sub: Annotated[str, typer.Option(help="The subject: whose token it is.")] = "you",
    scope: Annotated[
        str, typer.Option(help="The scopes that it grants (docs/authorization.md).")
    ] = "items:read items:write",
    minutes: Annotated[
        int, typer.Option(min=1, max=1440, help="How many minutes it is valid for.")
    ] = 60,
    region: Annotated[
        str,
        typer.Option(
            help="The Region whose copy of the secret signs it: ireland, or eu-west-1.",
            show_default="the first",
        ),
    ] = "",
    where: WhereOption = None,
    state: StateOption = None,
) -> None:
    """Print a token for trying out, valid in every Region.

    \b
      antipode token --sub ada --scope items:read
      curl -s $URL -H "Authorization: $(antipode token)" -d '{"query": "..."}'

    It is signed with the stack's own secret, which you must be allowed to read.
    """
    from antipode_tools.operate.token import command

    run = command.Run(region=region, where=where, state=state)
    raise typer.Exit(command.token(command.Wanted(sub, scope, minutes), run))


def outputs(
    region: RegionArgument,
    shared_name: Annotated[
        str | None,
        typer.Option(
            help="Call the API by the name that its Regions share: api.example.com.",
            show_default="the Region's own",
        ),
    ] = None,
    where: WhereOption = None,
    state: StateOption = None,
) -> None:
    """Print amplify_outputs.json, for Amplify's client libraries.

    \b
      antipode outputs ireland > amplify_outputs.json
      antipode outputs ireland --where aws
      antipode outputs ireland --where aws --shared-name api.example.com

    Its section "data" has the API's address, how clients sign in, and graphql/models.graphql as
    Amplify's data client reads it, so that generateClient().models.Todo.list() and the like work.
    Deploy the models first: the file tells of those here. What the data client cannot do with them
    is said on standard error. With an API key the file holds that key.
    """
    from antipode_tools.operate.outputs import command
    from antipode_tools.project.config import project_root
    from antipode_tools.schema.command import introspected

    introspection = introspected(project_root())
    if introspection is None:
        raise typer.Exit(ExitCode.FAILED)
    run = command.Run(
        introspection=introspection, shared_name=shared_name, where=where, state=state
    )
    raise typer.Exit(command.outputs(region, run))
