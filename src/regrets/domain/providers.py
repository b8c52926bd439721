"""What is known of mail providers: their servers, and what people must know to sign in there.

Sources: the providers' own help pages and Mozilla's autoconfig database, as of November 2026.
"""

from __future__ import annotations

from dataclasses import dataclass

from regrets.domain.settings import Server


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider known by its mail domains or server hosts."""

    name: str
    domains: tuple[str, ...]
    imap: Server
    smtp: Server
    note: str = ""  # shown before the password is asked for
    token_note: str = ""  # what an access token must be good for
    files_sent: bool = False  # the server keeps its own copy of what SMTP sends


_GOOGLE_NOTE = "Gmail takes an app password (2-step verification on): https://myaccount.google.com/apppasswords"
_MICROSOFT_NOTE = (
    'Microsoft takes only OAuth: use login = { auth = "oauth2", token_command = [...] } in config.toml; '
    "for Outlook.com also switch IMAP on under Settings > Mail > Forwarding and IMAP."
)

_GOOGLE_TOKENS = (
    "The token must be fresh and have the scope https://mail.google.com/ (gmail.send is not enough); where the"
    ' client id is still "in testing", Google ends each sign-in after seven days.'
)
_MICROSOFT_TOKENS = (
    "The token must be fresh and have the scopes IMAP.AccessAsUser.All and SMTP.Send of outlook.office.com; in an"
    " organisation, its administrator must consent to the client id, and may have to switch SMTP on for the mailbox."
)

PROVIDERS: tuple[Provider, ...] = (
    Provider(
        "Gmail",
        ("gmail.com", "googlemail.com"),
        Server("imap.gmail.com", 993),
        Server("smtp.gmail.com", 465),
        _GOOGLE_NOTE,
        _GOOGLE_TOKENS,
        files_sent=True,
    ),
    Provider(
        "Outlook.com",
        ("outlook.com", "hotmail.com", "live.com", "msn.com"),
        Server("outlook.office365.com", 993),
        Server("smtp-mail.outlook.com", 587, "starttls"),
        _MICROSOFT_NOTE,
        _MICROSOFT_TOKENS,
        files_sent=True,
    ),
    Provider(
        "Microsoft 365",
        (),
        Server("outlook.office365.com", 993),
        Server("smtp.office365.com", 587, "starttls"),
        _MICROSOFT_NOTE,
        _MICROSOFT_TOKENS,
        files_sent=True,
    ),
    Provider(
        "iCloud",
        ("icloud.com", "me.com", "mac.com"),
        Server("imap.mail.me.com", 993),
        Server("smtp.mail.me.com", 587, "starttls"),
        "iCloud takes an app-specific password; the IMAP user is the part before the @.",
    ),
    Provider(
        "Fastmail",
        ("fastmail.com", "fastmail.fm"),
        Server("imap.fastmail.com", 993),
        Server("smtp.fastmail.com", 465),
        "Fastmail takes an app password.",
    ),
    Provider(
        "Yahoo",
        ("yahoo.com", "ymail.com", "aol.com"),
        Server("imap.mail.yahoo.com", 993),
        Server("smtp.mail.yahoo.com", 465),
        "Yahoo takes an app password.",
    ),
    Provider("Posteo", ("posteo.de", "posteo.net"), Server("posteo.de", 993), Server("posteo.de", 465)),
    Provider("mailbox.org", ("mailbox.org",), Server("imap.mailbox.org", 993), Server("smtp.mailbox.org", 465)),
    Provider(
        "GMX",
        ("gmx.de", "gmx.net", "gmx.at"),
        Server("imap.gmx.net", 993),
        Server("mail.gmx.net", 465),
        'GMX needs "POP3 & IMAP" switched on in its settings first.',
    ),
    Provider(
        "Zoho",
        ("zoho.com", "zohomail.com"),
        Server("imap.zoho.com", 993),
        Server("smtp.zoho.com", 465),
        "Zoho needs IMAP switched on first, and an app password where two-factor sign-in is on.",
    ),
)


def guess_servers(address: str) -> tuple[Server, Server, str]:
    """(IMAP, SMTP, note) for an address: a known provider's, else imap. and smtp. of its domain over TLS."""
    domain = address.rpartition("@")[2].casefold()
    for provider in PROVIDERS:
        if domain in provider.domains:
            return provider.imap, provider.smtp, provider.note
    return Server(f"imap.{domain}", 993), Server(f"smtp.{domain}", 465), ""


def provider_of(host: str, address: str = "") -> Provider | None:
    """Whose server `host` is (IMAP or SMTP); where two share it, the one whose domain `address` has."""
    host, domain = host.casefold().rstrip("."), address.rpartition("@")[2].casefold()
    found = [each for each in PROVIDERS if host in (each.imap.host, each.smtp.host)]
    found.sort(key=lambda each: (domain not in each.domains, bool(each.domains)))
    return found[0] if found else None


def server_files_sent(smtp_host: str) -> bool:
    """Whether that SMTP server keeps a Sent copy by itself, so that appending one would double it."""
    host = smtp_host.casefold().rstrip(".")
    return any(provider.files_sent and provider.smtp.host == host for provider in PROVIDERS)
