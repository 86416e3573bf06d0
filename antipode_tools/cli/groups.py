"""A list of commands in groups, as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer.core import TyperGroup

if TYPE_CHECKING:
    from typer._click import Context, HelpFormatter  # the types of what is overridden


class Grouped(TyperGroup):
    """Shows its commands under the heading that each has as its help panel."""

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write each group in the order of its first command."""
        width = max(len(name) for name in self.commands)
        groups: dict[str, list[tuple[str, str]]] = {}
        for name, command in self.commands.items():
            heading = str(getattr(command, "rich_help_panel", None) or "Commands")
            room = formatter.width - width - 6
            line = (name.ljust(width), command.get_short_help_str(room))
            groups.setdefault(heading, []).append(line)
        for heading, lines in groups.items():
            with formatter.section(heading):
                formatter.write_dl(lines)
