"""`regrets completion SHELL`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from regrets.cli import output
from regrets.cli.context import Program, global_options
from regrets.domain.text import safe_block


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@global_options
def completion(program: Program, shell: str) -> None:
    """Prints the completion script of a shell.

    \b
    regrets completion fish > ~/.config/fish/completions/regrets.fish
    eval "$(regrets completion bash)"
    """
    kind = get_completion_class(shell)
    if kind is not None:
        root = click.get_current_context().find_root().command
        output.block(safe_block(kind(root, {}, "regrets", "_REGRETS_COMPLETE").source()))
