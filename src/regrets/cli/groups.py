"""Groups of commands that list what they are about."""

from __future__ import annotations

import click


class ListingGroup(click.Group):
    """`regrets clients` is `regrets clients list`, with the same options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Names the command where none is; a shell that completes has none yet."""
        named = bool(args) and (not args[0].startswith("-") or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if named or ctx.resilient_parsing else ["list", *args])
