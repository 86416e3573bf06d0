"""The `antipode` command: the local world, and tools for resolvers, the schema and operations.

Everything heavy is imported by the command that needs it, so that --help comes at once.
"""

from __future__ import annotations

import asyncio
import json
import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from antipode_tools.operate.stacks.errors import ExitCode
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.auth_mode import AuthMode

if TYPE_CHECKING:
    from antipode_tools.project.config import WorldConfig
    from antipode_tools.project.local_world import Found
    from antipode_tools.project.world_file import WorldFile
    from antipode_tools.world.deployment.update import Update


class Handler(StrEnum):
    """The two functions that a resolver's code exports."""

    REQUEST = "request"
    RESPONSE = "response"


_HELP = """One GraphQL API, live in every AWS Region: here, all of them on one machine.

\b
  antipode demo              see a change made in Sydney arrive in Ireland
  antipode up                start the Regions of samconfig.toml and leave them running
  antipode status --json     their addresses and keys, for scripts
  antipode down              end them

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not running, 130 interrupted.

Several worlds can run side by side, each on ports (--port, ANTIPODE_PORT) and with files
(--state, ANTIPODE_STATE) of its own.
"""

_SETTINGS = {"help_option_names": ["-h", "--help"]}

app = typer.Typer(
    help=_HELP,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings=_SETTINGS,
)

RegionArgument = Annotated[str, typer.Argument(help="ireland, or eu-west-1.")]
PortOption = Annotated[
    int | None,
    typer.Option(
        envvar="ANTIPODE_PORT",
        min=1,
        max=65_000,
        help="The engine's port; the Regions take those that follow.",
        show_default="4000",
    ),
]
RegionsOption = Annotated[
    str,
    typer.Option(
        help="Environments of samconfig.toml, by commas: ireland,sydney.",
        show_default="the first of each Region",
    ),
]
StateOption = Annotated[
    Path | None,
    typer.Option(
        envvar="ANTIPODE_STATE",
        help="The world's folder: world.json, logs, the files of its run.",
        show_default=".local",
    ),
]
WhereOption = Annotated[
    Where | None, typer.Option(help="By default the local world if it runs, else AWS.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


def main() -> None:
    """The console script."""
    app(prog_name="antipode")


@app.command()
def up(
    port: PortOption = None,
    regions: RegionsOption = "",
    state: StateOption = None,
    tls: Annotated[
        bool, typer.Option("--tls", help="Serve each Region over TLS, too, on a second port.")
    ] = False,
) -> None:
    """Start the Regions on this machine, or update those that run.

    \b
      antipode up
      antipode up --port 5000 --state /tmp/second
      antipode up --regions staging,sydney

    Builds the project with the real SAM CLI, deploys it to an AWS emulator once a Region, and
    serves each Region's AppSync API until antipode down.

    A world that runs is brought to what the project is now: template.yaml, graphql/, src/ and its
    Regions' part of samconfig.toml. Items and addresses stay. Where nothing changed, it says so.
    Other Regions, other ports and what a table cannot become need antipode down && antipode up.
    """
    from antipode_tools.world import control

    config = _config(port, regions, state, tls=tls)
    if not regions:
        _note_left_out(config)
    with _telling():
        found = control.find(config)
        if found.world is None:
            if found.remains:
                _note("a killed world left files behind; they are removed")
            _show(_start(config))
            _note_development(config)
            return
    with _telling("the running world finishes by itself"):
        running = control.running(config, found.world, ports=bool(port), regions=bool(regions))
        _note(str(_update(running, found) or "already running"))
        if new := [each.name for each in config.regions if each not in running.regions]:
            _note(f"without {', '.join(new)}: antipode down && antipode up takes new Regions")
        _show(control.find(running).world or found.world)


@app.command()
def down(state: StateOption = None) -> None:
    """End the world and everything that it started; it keeps nothing.

    Ends with 3 if there is none.
    """
    from antipode_tools.world import control

    with _telling("run antipode down again to end the rest"):
        ended = control.stop(_config(state=state))
    _note(ended)
    if ended is not control.Ended.WORLD:
        raise typer.Exit(ExitCode.NOT_RUNNING)


@app.command()
def status(state: StateOption = None, as_json: JsonOption = False) -> None:
    """Show each Region's addresses, and how to sign in.

    \b
      antipode status --json | jq -r '.regions["eu-west-1"].graphql_url'

    Ends with 3 if there is none, or if it is still starting.
    """
    from antipode_tools.project.local_world import Life
    from antipode_tools.world import control

    with _telling():
        found = control.find(_config(state=state))
    if found.world is None:
        _note(f"{found.life}: start it with make up" if found.life is Life.ABSENT else found.life)
        if found.remains:
            _note("a killed world left files behind; antipode down removes them")
        raise typer.Exit(ExitCode.NOT_RUNNING)
    if as_json:
        typer.echo(json.dumps(found.world.as_json(), indent=2))
        return
    with _telling():
        _show(found.world)


@app.command()
def demo(port: PortOption = None, regions: RegionsOption = "", state: StateOption = None) -> None:
    """Write in one Region, and see every Region hear of it.

    Subscribes with ordinary AppSync clients, then creates, changes and deletes an item in the
    last Region. Uses the world that is running, or starts one for as long as it needs it.
    """
    from antipode_tools.world import control
    from antipode_tools.world.clients import demo as demonstration

    config = _config(port, regions, state)
    with _telling():
        running = control.find(config).world
    with _telling("the world runs on" if running else "nothing is left running"):
        world = running or _start(config)
        try:
            asyncio.run(demonstration.run(world, typer.echo))
        finally:
            if running is None:
                control.stop(config)


@app.command()
def doctor(
    port: PortOption = None,
    regions: RegionsOption = "",
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Look at what must be on this machine, and say how to mend it.

    Ends with 1 if anything is not right.
    """
    from dataclasses import asdict

    from antipode_tools.world.doctor import examine

    findings = list(examine(_config(port, regions, state)))
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    for finding in [] if as_json else findings:
        typer.echo(f"{'✔' if finding.right else '✖'} {finding.subject:<22} {finding.found}")
        if not finding.right:
            typer.echo(f"{'':<24} → {finding.fix}")
    if not all(finding.right for finding in findings):
        raise typer.Exit(ExitCode.FAILED)


@app.command()
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


@app.command()
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


@app.command()
def redrive(
    region: RegionArgument,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Look, and send nothing.")] = False,
    where: WhereOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send again what could not be announced in a Region.

    \b
      antipode redrive ireland --dry-run
      antipode redrive ireland

    Removes what then was announced. Ends with 1 if anything is still undelivered.
    """
    from antipode_tools.operate.redrive import command

    raise typer.Exit(
        command.redrive(region, dry_run=dry_run, json_output=as_json, where=where, state=state)
    )


@app.command()
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


route = typer.Typer(
    help="""Show or change which Region the edge takes a viewer to.

\b
  antipode route show
  antipode route set edge/routes.toml --dry-run
  antipode route drain ireland

Within seconds, without a deployment, for a system with the CloudFront distribution of
edge/template.yaml. docs/routing.md says more.
""",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings=_SETTINGS,
)
app.add_typer(route, name="route")

DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Look, and write nothing.")]


@route.command("show")
def route_show(as_json: JsonOption = False) -> None:
    """Show the routes, and which Regions are drained."""
    from antipode_tools.operate.route import command

    raise typer.Exit(command.show(command.Run(json_output=as_json)))


@route.command("set")
def route_set(
    file: Annotated[Path, typer.Argument(help="As edge/routes.toml.")],
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make the routes those of a file; what is drained stays drained.

    Refuses a file that names a Region, a country or a continent that is not there.
    """
    from antipode_tools.operate.route import command

    raise typer.Exit(command.set_(file, command.Run(dry_run=dry_run, json_output=as_json)))


@route.command("drain")
def route_drain(
    region: RegionArgument,
    undo: Annotated[bool, typer.Option("--undo", help="Let it serve again.")] = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Pass a Region over for every viewer that asks from now on.

    Sockets that are open stay where they are until they end.
    """
    from antipode_tools.operate.route import command

    run = command.Run(dry_run=dry_run, json_output=as_json)
    raise typer.Exit(command.drain(region, run, undo=undo))


@app.command()
def cleanup(
    regions: Annotated[list[str], typer.Argument(help="ireland sydney, or their codes.")],
    with_items: Annotated[
        bool, typer.Option("--with-items", help="Even tables and buckets that hold something.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Look, and delete nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether to go on.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Delete what a failed first deployment left on AWS.

    \b
      antipode cleanup ireland sydney --dry-run
      antipode cleanup ireland sydney

    Such as stacks that were rolled back, and the tables and buckets that block another try. Refuses
    a stack that is deployed, tables that hold items and tables of other projects. If it is
    interrupted, run it again: it goes on from where it is.
    """
    from antipode_tools.operate.cleanup import command

    asked = command.Asked(
        regions, with_items=with_items, dry_run=dry_run, yes=yes, json_output=as_json
    )
    terminal = command.Terminal(confirm=lambda question: typer.confirm(question, err=True))
    raise typer.Exit(command.cleanup(asked, terminal=terminal))


NoWaitOption = Annotated[
    bool, typer.Option("--no-wait", help="Do not wait until /health and DNS have followed.")
]


@app.command()
def drain(
    region: RegionArgument,
    force: Annotated[bool, typer.Option("--force", help="Even the last Region in use.")] = False,
    no_wait: NoWaitOption = False,
    where: WhereOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a Region out of the name that all share.

    \b
      antipode drain ireland
      antipode undrain ireland

    That is the name in the parameter DomainName. No deployment: the Region's /health fails, and
    Route 53 sends clients to other Regions. Ends with 1 if they have not followed in two minutes.
    """
    from antipode_tools.operate.drain import command

    run = command.Run(force=force, wait=not no_wait, json_output=as_json, where=where, state=state)
    raise typer.Exit(command.drain(region, run, drained=True))


@app.command()
def undrain(
    region: RegionArgument,
    no_wait: NoWaitOption = False,
    where: WhereOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a drained Region back into the name that all share."""
    from antipode_tools.operate.drain import command

    run = command.Run(wait=not no_wait, json_output=as_json, where=where, state=state)
    raise typer.Exit(command.drain(region, run, drained=False))


@app.command()
def failover(
    to: Annotated[str, typer.Option(help="The Region that is to have it: ireland, or eu-west-1.")],
    domain: Annotated[
        str, typer.Option(envvar="ANTIPODE_DOMAIN", help="The name, as api.example.com.")
    ],
    certificate: Annotated[
        str, typer.Option(envvar="ANTIPODE_CERTIFICATE", help="Its certificate in us-east-1.")
    ],
    hosted_zone: Annotated[
        str, typer.Option(envvar="ANTIPODE_HOSTED_ZONE", help="The zone that holds its record.")
    ],
    lost: Annotated[
        bool, typer.Option("--lost", help="Go on although a Region does not answer.")
    ] = False,
    dry_run: DryRunOption = False,
    minutes: Annotated[float, typer.Option(min=1, help="How long to wait for AWS.")] = 45,
    as_json: JsonOption = False,
) -> None:
    """Move an AppSync custom domain name to another Region.

    \b
      antipode failover --to sydney --domain api.example.com --dry-run \\
        --certificate arn:aws:acm:us-east-1:111122223333:certificate/... --hosted-zone Z0123

    For a system without the distribution of edge/template.yaml. A name can be in one Region only,
    so nobody serves it for some minutes. Goes on where a run that broke off stands. Ends with 1
    where it cannot go on; docs/routing.md says what then.
    """
    from antipode_tools.operate.failover import command

    asked = command.Asked(
        to=to,
        name=domain,
        certificate=certificate,
        zone=hosted_zone,
        lost=lost,
        dry_run=dry_run,
        json_output=as_json,
        minutes=minutes,
    )
    raise typer.Exit(command.failover(asked))


def _note_left_out(config: WorldConfig) -> None:
    """Name the environments that a world does not have since another is of the same Region."""
    from antipode_tools.project.regions import read_regions

    here = {region.code: region for region in config.regions}
    for other in read_regions(config.samconfig).values():
        if other != here[other.code]:
            first = here[other.code].name
            _note(f"without {other.name}: {other.code} is {first}'s; --regions chooses another")


def _note_development(config: WorldConfig) -> None:
    """Say what the local world has otherwise than the same stacks on AWS."""
    told = {region.name for region in config.regions if "Introspection" in region.parameters}
    if on := [region.name for region in config.regions if region.name not in told]:
        _note(
            f"introspection is on in {' and '.join(on)}, as suits development; on AWS it is off."
            " Introspection in samconfig.toml decides both"
        )


def _config(
    port: int | None = None, regions: str = "", state: Path | None = None, *, tls: bool = False
) -> WorldConfig:
    from antipode_tools.project.config import DEFAULT_PORT, load, project_root
    from antipode_tools.project.regions import ConfigError

    names = [name.strip() for name in regions.split(",") if name.strip()]
    try:
        first = port or DEFAULT_PORT
        return load(root=project_root(), names=names, port=first, state=state, tls=tls)
    except ConfigError as error:
        raise typer.BadParameter(str(error), param_hint="--regions") from error


def _start(config: WorldConfig) -> WorldFile:
    from antipode_tools.cli.display import progress
    from antipode_tools.world import control

    with progress() as report:
        return control.start(config, report)


def _update(config: WorldConfig, found: Found) -> Update | None:
    from antipode_tools.cli.display import progress
    from antipode_tools.world import control

    with progress() as report:
        return control.update(config, found, report)


def _show(world: WorldFile) -> None:
    from antipode_tools.cli.display import way_to, world_table
    from antipode_tools.world.clients.credentials import for_curl
    from antipode_tools.world.clients.sample import deployed_schema, greeting

    last = list(world.regions.values())[-1]
    body = json.dumps({"query": greeting(deployed_schema(world), last.tables)})
    typer.echo(world_table(world))
    typer.echo(f"\nengine {world.engine_url}   logs {world.logs}")
    named = os.environ.get("ANTIPODE_STATE")
    if told := way_to(world, known=_config(state=Path(named) if named else None).state):
        typer.echo(f"\nSo that other commands find it:\n  {told}")
    typer.echo(f"\nWrite in {last.name}:")
    typer.echo(f"  curl -s {last.graphql_url} {for_curl(last)} -d {shlex.quote(body)}")
    typer.echo("\nSee it arrive everywhere: make demo      End it all: make down")


@contextmanager
def _telling(left: str = "nothing is left running") -> Iterator[None]:
    """What goes wrong in the block, in words and as an exit code.

    Args:
        left: what there is after an interruption.
    """
    from antipode_tools.world.errors import WorldError

    try:
        yield
    except WorldError as error:
        _fail(str(error))
    except KeyboardInterrupt:
        _note(f"interrupted; {left}")
        raise typer.Exit(ExitCode.INTERRUPTED) from None


def _fail(message: str) -> NoReturn:
    typer.secho(f"✖ {message}", err=True, fg=typer.colors.RED)
    raise typer.Exit(ExitCode.FAILED)


def _note(message: str) -> None:
    typer.echo(message, err=True)


if __name__ == "__main__":
    main()
