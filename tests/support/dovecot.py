"""A real Dovecot as an ordinary process on loopback: own config, own mail, TLS with an authority of its own.

    with dovecot() as server:
        server.deliver(data)

Any user signs in with PASSWORD. Skips where Dovecot is absent, fails if REGRETS_REQUIRE_DOVECOT=1.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import trustme
from imapclient import IMAPClient

from regrets.domain.settings import Account, Login, Server
from tests.support import canary

PASSWORD = canary.SECRET
USER = "ana"
_BINARY = shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
_ABSENT = "Dovecot is not installed (Debian: dovecot-imapd)"

_CONFIG = """
base_dir = {run}
state_dir = {run}
log_path = {root}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{root}/server.pem
ssl_key = <{root}/server.key
disable_plaintext_auth = no
auth_mechanisms = plain login
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_location = maildir:~/Maildir:INDEX=~/index
mail_plugins = $mail_plugins {plugin}
mail_fsync = never
auth_failure_delay = 0
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/mail/%u
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    special_use = \\Sent
    auto = subscribe
  }}
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  service_count = 0
  inet_listener imap {{
    port = {plain_port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
protocol imap {{
  mail_plugins = $mail_plugins {imap_plugin}
}}
"""


@dataclasses.dataclass(frozen=True)
class Dovecot:
    """A running server."""

    root: Path
    plain_port: int
    tls_port: int
    ca_file: Path
    user: str = USER

    def as_user(self, name: str) -> Dovecot:
        """The same server with another, empty mailbox."""
        return dataclasses.replace(self, user=name)

    def account(self, security: str = "tls", **changes: object) -> Account:
        """An account on it; `changes` are fields of Account."""
        port = self.tls_port if security == "tls" else self.plain_port
        account = Account(
            "work",
            "ana@studio.example",
            Server("127.0.0.1" if security == "none" else "localhost", port, security),
            Server("127.0.0.1", 9, "none"),
            Login(self.user),
        )
        return dataclasses.replace(account, **changes)  # type: ignore[arg-type]

    @contextlib.contextmanager
    def client(self) -> Iterator[IMAPClient]:
        """A plain IMAPClient of the same user, to look from outside."""
        with IMAPClient("127.0.0.1", self.plain_port, ssl=False) as client:
            client.login(self.user, PASSWORD)
            yield client

    def deliver(
        self, data: bytes, folder: str = "INBOX", received: dt.datetime | None = None, flags: Sequence[bytes] = ()
    ) -> int:
        """Files a mail (LF becomes CRLF); returns its UID."""
        return self.deliver_all([data], folder, received, flags)[0]

    def deliver_all(
        self,
        mails: Sequence[bytes],
        folder: str = "INBOX",
        received: dt.datetime | None = None,
        flags: Sequence[bytes] = (),
    ) -> list[int]:
        """Several, over one connection."""
        with self.client() as client:
            if not client.folder_exists(folder):
                client.create_folder(folder)
            first = client.folder_status(folder, ["UIDNEXT"])[b"UIDNEXT"]
            for data in mails:
                crlf = data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
                client.append(folder, crlf, flags, received)
        return list(range(first, first + len(mails)))

    def flags(self, uid: int, folder: str = "INBOX") -> set[bytes]:
        """The flags of a mail, without \\Recent; KeyError where it is gone."""
        with self.client() as client:
            client.select_folder(folder, readonly=True)
            return set(client.fetch([uid], ["FLAGS"])[uid][b"FLAGS"]) - {b"\\Recent"}

    def uids(self, folder: str = "INBOX") -> list[int]:
        """All UIDs of a folder."""
        with self.client() as client:
            client.select_folder(folder, readonly=True)
            return list(client.search("ALL"))

    def expunge(self, uid: int, folder: str = "INBOX") -> None:
        """Removes a mail for good."""
        with self.client() as client:
            client.select_folder(folder)
            client.delete_messages([uid])
            client.expunge([uid])

    def messages(self, folder: str) -> list[bytes]:
        """All mails of a folder, whole."""
        with self.client() as client:
            client.select_folder(folder, readonly=True)
            found = client.fetch(client.search("ALL"), ["BODY.PEEK[]"])
            return [found[uid][b"BODY[]"] for uid in sorted(found)]


@contextlib.contextmanager
def dovecot(*, compression: bool = True) -> Iterator[Dovecot]:
    """Starts one in a directory of its own and stops it at the end. As root it runs as `nobody`, who may not enter
    pytest's directories: every run that begins closes them again."""
    if _BINARY is None:
        if os.environ.get("REGRETS_REQUIRE_DOVECOT") == "1":
            pytest.fail(_ABSENT)
        pytest.skip(_ABSENT)
    owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    with tempfile.TemporaryDirectory(prefix="regrets-dovecot-", ignore_cleanup_errors=True) as directory:
        server = _prepare(Path(directory), owner, compression)
        with _running(server, owner):
            yield server


@contextlib.contextmanager
def _running(server: Dovecot, owner: pwd.struct_passwd) -> Iterator[None]:
    process = subprocess.Popen(
        [_BINARY, "-F", "-c", str(server.root / "dovecot.conf")],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **({"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}),
    )
    try:
        _wait_for(server, process)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _prepare(root: Path, owner: pwd.struct_passwd, compression: bool) -> Dovecot:
    import grp

    authority = trustme.CA()
    certificate = authority.issue_cert("localhost")
    server = Dovecot(root, *_free_ports(2), root / "ca.pem")
    authority.cert_pem.write_to_path(server.ca_file)
    certificate.private_key_pem.write_to_path(root / "server.key")
    for index, blob in enumerate(certificate.cert_chain_pems):
        blob.write_to_path(root / "server.pem", append=index > 0)
    run = root / "run"
    for directory in (run, root / "mail"):
        directory.mkdir(exist_ok=True)
    config = _CONFIG.format(
        root=root,
        run=run,
        user=owner.pw_name,
        group=grp.getgrgid(owner.pw_gid).gr_name,
        uid=owner.pw_uid,
        gid=owner.pw_gid,
        password=PASSWORD,
        plain_port=server.plain_port,
        tls_port=server.tls_port,
        plugin="zlib" if compression else "",
        imap_plugin="imap_zlib" if compression else "",
    )
    (root / "dovecot.conf").write_text(config)
    if os.geteuid() == 0:
        _hand_over(root, owner)
    return server


def _hand_over(root: Path, owner: pwd.struct_passwd) -> None:
    """Gives the tree to the server's user."""
    for path in (root, *root.rglob("*")):
        os.chown(path, owner.pw_uid, owner.pw_gid)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [sock.getsockname()[1] for sock in sockets]
    finally:
        for sock in sockets:
            sock.close()


def _wait_for(server: Dovecot, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", server.plain_port), 1):
            return
        time.sleep(0.02)
    log = server.root / "dovecot.log"
    pytest.fail(f"Dovecot did not start: {log.read_text() if log.exists() else 'no log'}")
