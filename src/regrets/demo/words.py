"""What the calendar programs of the demo write into invitations, in the language of whoever uses them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One language. `locale` is the program's tag for it (RFC 5646)."""

    locale: str
    invitation: str  # begins the subject of Google's mails
    cancelled: str
    join_meet: str
    about_meet: str
    teams_help: str
    join_teams: str
    meeting_id: str
    passcode: str
    from_: str  # heads a mail that is forwarded
    subject: str


WORDS = {
    "en": Words(
        "en-GB",
        "Invitation",
        "Cancelled event",
        "Join with Google Meet",
        "Learn more about Meet at",
        "Need help?",
        "Join the meeting now",
        "Meeting ID",
        "Passcode",
        "From",
        "Subject",
    ),
    "nb": Words(
        "nb-NO",
        "Invitasjon",
        "Avlyst aktivitet",
        "Bli med via Google Meet",
        "Finn ut mer om Meet på",
        "Trenger du hjelp?",
        "Bli med på møtet nå",
        "Møte-ID",
        "Passord",
        "Fra",
        "Emne",
    ),
    "sl": Words(
        "sl-SI",
        "Vabilo",
        "Odpovedan dogodek",
        "Pridružite se prek storitve Google Meet",
        "Več o storitvi Meet",
        "Potrebujete pomoč?",
        "Pridružite se srečanju zdaj",
        "ID srečanja",
        "Geslo",
        "Od",
        "Zadeva",
    ),
    "tr": Words(
        "tr-TR",
        "Davet",
        "İptal edilen etkinlik",
        "Google Meet ile katılın",
        "Meet hakkında daha fazla bilgi",
        "Yardıma mı ihtiyacınız var?",
        "Toplantıya şimdi katılın",
        "Toplantı kimliği",
        "Geçiş kodu",
        "Gönderen",
        "Konu",
    ),
    "lv": Words(
        "lv-LV",
        "Ielūgums",
        "Atcelts pasākums",
        "Pievienoties, izmantojot Google Meet",
        "Uzziniet vairāk par Meet",
        "Vai nepieciešama palīdzība?",
        "Pievienoties sapulcei tūlīt",
        "Sapulces ID",
        "Ieejas kods",
        "No",
        "Temats",
    ),
    "fi": Words(
        "fi-FI",
        "Kutsu",
        "Peruutettu tapahtuma",
        "Liity Google Meetillä",
        "Lue lisää Meetistä",
        "Tarvitsetko apua?",
        "Liity kokoukseen nyt",
        "Kokoustunnus",
        "Tunnuskoodi",
        "Lähettäjä",
        "Aihe",
    ),
}
