"""What mends what runs: redrive, drain, undrain, failover."""

from __future__ import annotations

from typing import Annotated

import typer

from antipode_tools.cli.options import (
    DryRunOption,
    JsonOption,
    RegionArgument,
    StateOption,
    WhereOption,
)

NoWaitOption = Annotated[
    bool, typer.Option("--no-wait", help="Do not wait for /health and DNS to change.")
]


def redrive(
    region: RegionArgument,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what is undelivered, and publish nothing.")
    ] = False,
    where: WhereOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Publish a Region's undelivered changes again.

    \b
      antipode redrive ireland --dry-run
      antipode redrive ireland

    Removes what was published. Ends with 1 if anything is still undelivered.
    """
    from antipode_tools.operate.redrive import command

    run = command.Run(dry_run=dry_run, json_output=as_json, where=where, state=state)
    raise typer.Exit(command.redrive(region, run))


def drain(
    region: RegionArgument,
    force: Annotated[
        bool, typer.Option("--force", help="Drain it even if it is the last Region in use.")
    ] = False,
    no_wait: NoWaitOption = False,
    where: WhereOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a Region out of the shared name.

    \b
      antipode drain ireland
      antipode undrain ireland

    The shared name is the parameter DomainName. Without a deployment, the Region's /health fails
    and Route 53 sends clients to other Regions. Ends with 1 if that takes over two minutes.
    """
    from antipode_tools.operate.drain import command

    run = command.Run(force=force, wait=not no_wait, json_output=as_json, where=where, state=state)
    raise typer.Exit(command.drain(region, run, drained=True))


def undrain(
    region: RegionArgument,
    no_wait: NoWaitOption = False,
    where: WhereOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a drained Region back into the shared name."""
    from antipode_tools.operate.drain import command

    run = command.Run(wait=not no_wait, json_output=as_json, where=where, state=state)
    raise typer.Exit(command.drain(region, run, drained=False))


def failover(
    to: Annotated[str, typer.Option(help="The Region to move it to: ireland, or eu-west-1.")],
    domain: Annotated[
        str,
        typer.Option(envvar="ANTIPODE_DOMAIN", help="The domain name, such as api.example.com."),
    ],
    certificate: Annotated[
        str,
        typer.Option(
            envvar="ANTIPODE_CERTIFICATE", help="The ARN of its certificate in us-east-1."
        ),
    ],
    hosted_zone: Annotated[
        str,
        typer.Option(envvar="ANTIPODE_HOSTED_ZONE", help="The hosted zone that holds its record."),
    ],
    lost: Annotated[
        bool, typer.Option("--lost", help="Continue even if a Region does not answer.")
    ] = False,
    dry_run: DryRunOption = False,
    minutes: Annotated[float, typer.Option(min=1, help="How many minutes to wait for AWS.")] = 45,
    as_json: JsonOption = False,
) -> None:
    """Move an AppSync custom domain name to another Region.

    \b
      antipode failover --to sydney --domain api.example.com --dry-run \\
        --certificate arn:aws:acm:us-east-1:111122223333:certificate/... --hosted-zone Z0123

    For a system without the distribution of edge/template.yaml. A name can be in one Region only,
    so it is not served for some minutes. After an interruption, run it again to continue. Ends
    with 1 if it cannot continue; docs/routing.md says what to do then.
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
