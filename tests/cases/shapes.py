"""The blocks that meeting programs put below what a person wrote."""

from __future__ import annotations

_TEAMS = {
    "en": ("Join the meeting now", "Meeting ID", "Passcode", "For organizers: Meeting options"),
    "nb": ("Bli med i møtet nå", "Møte-ID", "Passord", "For arrangører: Møtealternativer"),
    "sl": ("Pridružite se srečanju zdaj", "ID srečanja", "Geslo", "Za organizatorje: možnosti srečanja"),
    "tr": ("Toplantıya şimdi katılın", "Toplantı Kimliği", "Geçiş kodu", "Düzenleyenler için: Toplantı seçenekleri"),
    "lv": ("Pievienoties sapulcei tūlīt", "Sapulces ID", "Ieejas kods", "Rīkotājiem: sapulces opcijas"),
    "fi": ("Liity kokoukseen nyt", "Kokouksen tunnus", "Tunnuskoodi", "Järjestäjille: Kokousasetukset"),
}
_DIAL = {
    "en": "+44 20 7946",
    "nb": "+47 21 89",
    "sl": "+386 1 600",
    "tr": "+90 212 900",
    "lv": "+371 6778",
    "fi": "+358 9 231",
}


def join_link(shape: str, mark: str) -> str:
    """A conference address of the kind that the shape's users have."""
    if shape == "outlook":
        return f"https://teams.microsoft.com/l/meetup-join/19%3ameeting_{mark}{mark}%40thread.v2/0"
    if shape == "google":
        return f"https://meet.google.com/{_letters(mark, 3)}-{_letters(mark[::-1], 4)}-{_letters(mark[3:], 3)}"
    return f"https://us06web.zoom.us/j/8{int(mark, 16) % 10**10:010}?pwd={mark}"


def join_block(language: str, shape: str, mark: str) -> str:
    """The text of it, in the language of the mail."""
    link, number = join_link(shape, mark), f"{int(mark, 16):010}"
    join, identity, passcode, options = _TEAMS[language]
    grouped = " ".join(number[at : at + 3] for at in range(0, 9, 3))
    if shape == "outlook":
        line = "_" * 80
        return (
            f"{line}\nMicrosoft Teams\n{join}<{link}>\n{identity}: {grouped}\n{passcode}: {mark[:6]}\n{'_' * 32}\n"
            f"{_DIAL[language]} 5550,,{number[:8]}#\n"
            f"{options}<https://teams.microsoft.com/meetingOptions/?id={mark}>\n{line}"
        )
    if shape == "google":
        line = "-::~:~::~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~::~:~::-"
        return (
            f"{line}\nJoin with Google Meet: {link}\nOr dial: {_DIAL[language]} 5551 PIN: {number[:6]}#\n\n"
            f"Learn more about Meet at: https://support.google.com/a/users/answer/9282720\n{line}"
        )
    return f"Zoom\n{link}\n\n{identity}: {grouped}\n{passcode}: {number[:6]}"


def _letters(mark: str, count: int) -> str:
    return "".join("abcdefghijklmnop"[int(digit, 16)] for digit in mark[:count])
