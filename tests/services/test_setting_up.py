"""What both faces say while an account is set up: cures that can be followed there."""

from __future__ import annotations

import socket

import pytest
from imapclient.exceptions import LoginError

from regrets.adapters.imap.errors import explain
from regrets.adapters.smtp.errors import Refused, broken, refused
from regrets.domain.new_account import Answers, account_of
from regrets.services.setting_up import here

PROVIDERS = ["studio.example", "gmail.com", "icloud.com", "yahoo.com", "fastmail.com", "gmx.net"]


@pytest.mark.parametrize("domain", PROVIDERS)
def test_no_cure_sends_one_to_where_one_is(domain):
    account = account_of(Answers(f"ana@{domain}"))
    cures = [
        str(explain(account, LoginError("wrong"))),
        refused(account, Refused("auth", 535, "wrong")).error,
        refused(account, Refused("greeting", 554, "wrong")).error
        + f" Check smtp and login of {domain} in config.toml.",
        broken(account, socket.gaierror()).error,
        broken(account, ConnectionRefusedError()).error,
    ]
    for cure in cures:
        said = here(cure)
        assert "regrets setup" not in said, said
        assert "config.toml" not in said, said
        assert said.endswith((".", "apppasswords")), said
