"""The form of address: as the writer has it where the text shows it, and never guessed."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from regrets.domain.letters.address import address_of
from regrets.domain.letters.check import LETTERS
from regrets.domain.letters.samples import SAMPLES
from regrets.domain.letters.writing import write
from regrets.domain.model import Attendee, Mailbox, MailFacts
from tests.domain.letters.test_letters_values import INVITATION

MINE = ("ana@studio.example",)
ALONE = replace(INVITATION, attendees=(Attendee(Mailbox("Ana Novak", MINE[0])),))
BOTH = replace(INVITATION, attendees=(*ALONE.attendees, Attendee(Mailbox("Eva Zajc", "eva@studio.example"))))
POLITE, PLAIN, UNCLEAR = True, False, None
# With one of these before it, a text that uses the other form anywhere is mixed.
POLITELY = {
    "nb": "Om De kan komme",
    "fi": "Voisitteko",
    "sl": "Ali imate čas",
    "lv": "Vai varat",
    "tr": "Size soruyorum",
}
PLAINLY = {"nb": "Har du tid", "fi": "Voisitko sinä", "sl": "Imaš čas", "lv": "Vai tu vari", "tr": "Sana soruyorum"}


def read(text, language, invitation=ALONE):
    return address_of(replace(invitation, description=text), language, MINE)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Dear Ms Novak,\n\nWould Thursday suit you?\n\nYours sincerely", POLITE),
        ("en", "Dear Ana,\n\nWould Thursday suit you?", UNCLEAR),
        ("en", "Hi Ana, would Thursday suit you?", PLAIN),
        ("sl", "Čau, zamudim.", PLAIN),
        ("sl", "Povem ti, kaj je napisal.", PLAIN),
        ("sl", "Pozdravljena oba, dogovorimo se.", UNCLEAR),
        ("tr", "Beğenirsen fiyat veririm.", PLAIN),
        ("tr", "Sana anlatırım.\nNurhan ablan", UNCLEAR),
        ("nb", "Hei! Har du tid til en kort prat på torsdag?", PLAIN),
        ("nb", "Hei, jeg ringer deg etter lunsj.", PLAIN),
        ("nb", "Jeg viser til tilbudet og håper at De kan møte meg på kontoret.", POLITE),
        ("nb", "Kan De gi meg en vurdering av manuset?", POLITE),
        ("nb", "Jeg ser frem til å møte Dem, og takker for Deres vennlige brev.", POLITE),
        ("nb", "Ærede fru Novak, jeg ber om et møte.", POLITE),
        ("nb", "Rapportene er ferdige. De ligger på bordet, og alle bør lese dem.", UNCLEAR),
        ("nb", "Alle er klare. De kan møte oss torsdag.", UNCLEAR),
        ("nb", "Selskapet heter De Unge Hoder, og vi samarbeider med De Forente Nasjoner.", UNCLEAR),
        ("nb", "Deres ref.: 4711. Vi må bli enige om prisen.", UNCLEAR),
        ("nb", "Vet De om du kan komme?", UNCLEAR),
        ("nb", "Skal slagordet være «Velg din vei»?", UNCLEAR),
        ("nb", "Kan dere komme en tur?", UNCLEAR),
        ("nb", "Vi må bli enige om teksten.", UNCLEAR),
        ("fi", "Hei, ehditkö jutella torstaina?", PLAIN),
        ("fi", "Moi! Mitä mieltä sinä olet?", PLAIN),
        ("fi", "Kerro, sopiiko aika.", PLAIN),
        ("fi", "Voisitteko neuvoa, miten hakemus täytetään?", POLITE),
        ("fi", "Hyvää päivää, sain nimenne ystävältäni.", POLITE),
        ("fi", "Kiitos tarjouksestanne. Toivon, että pääsette paikalle.", POLITE),
        ("fi", "Arvoisa rouva Novak, ehdotan tapaamista.", POLITE),
        ("fi", "Tilanne on hankala ja sivun rakenne sekava. Mennään sinne yhdessä, Janne tulee tänne.", UNCLEAR),
        ("fi", "Voisin tulla teille torstaina.", UNCLEAR),
        ("fi", "Sopivatko nämä värit?", UNCLEAR),
        ("fi", "Ehtisittekö tiistaina, vai sopiiko sinulle keskiviikko?", UNCLEAR),
        ("fi", "Onko mainoslause ”Sinä päätät” hyvä?", UNCLEAR),
        ("sl", "Živjo, Ana, se slišiva v četrtek?", PLAIN),
        ("sl", "Dober dan, ali imaš čas za kratek pogovor?", PLAIN),
        ("sl", "Potrebujem tvoje mnenje o prevodu.", PLAIN),
        ("sl", "Zivjo, a bos lahko prisla?", PLAIN),
        ("sl", "Sporoči mi, če ti ustreza.", PLAIN),
        ("sl", "Ali imate čas v četrtek?", POLITE),
        ("sl", "Hvala za vašo ponudbo, prosim, pokličite me.", POLITE),
        ("sl", "Spoštovana gospa Novak, prosim za sestanek.", POLITE),
        ("sl", "Živjo! Ali lahko pridete v četrtek?", UNCLEAR),
        ("sl", "Ti termini so še prosti, in te dni je naš čas omejen. Pride tudi Aleš.", UNCLEAR),
        ("sl", "Slogan je »Tvoj trenutek«. Se odločiva?", UNCLEAR),
        ("tr", "Merhaba, yarın vaktin var mı?", PLAIN),
        ("tr", "Bana haber verebilir misin?", PLAIN),
        ("tr", "Seninle konuşmak istiyorum.", PLAIN),
        ("tr", "Gönderdiğin taslağa baktım.", PLAIN),
        ("tr", "Merhaba, görüşebilir miyiz? Vaktiniz olursa sevinirim.", POLITE),
        ("tr", "Taslak hakkında fikrinizi almak isterim.", POLITE),
        ("tr", "Gorusebilir misiniz?", POLITE),
        ("tr", "Merhaba Selin Hanım, bütçeyi konuşalım.", POLITE),
        ("tr", "Bütçeyi konuşuyoruz, toplantımız perşembe. Yalnız karar vermeliyiz.", UNCLEAR),
        ("tr", "Deniz de gelsin, henüz karar yok. Organize edelim, kolay gelsin.", UNCLEAR),
        ("tr", "Taslağı Ayşe göndersin, projenin sonu belli olsun.", UNCLEAR),
        ("tr", "Sana soruyorum ama sizin karar vermeniz gerek.", UNCLEAR),
        ("lv", "Sveika, Ana! Vai vari piezvanīt ceturtdien?", PLAIN),
        ("lv", "Labdien, gribu dzirdēt tavas domas.", PLAIN),
        ("lv", "Labdien! Vai varat atsūtīt piedāvājumu?", POLITE),
        ("lv", "Gaidu Jūsu atbildi.", POLITE),
        ("lv", "Sveiki! Jāizlemj, kuru bildi ņemam.", UNCLEAR),
        ("lv", "Vai tu varēsi? Gaidām arī jūs.", UNCLEAR),
        ("lv", "Sauklis ir „Tavs laiks”. Izlemjam?", UNCLEAR),
        ("en", "Could you join us?", UNCLEAR),
        ("de", "Hast du Zeit?", UNCLEAR),
    ],
)
def test_the_form_is_read_from_what_was_written(language, text, expected):
    assert read(text, language) is expected


@pytest.mark.parametrize(
    ("language", "plural", "one"),
    [
        ("fi", "Voitteko tulla torstaina?", "Arvoisa rouva Novak, ehdotan tapaamista."),
        ("sl", "Ali imate čas v četrtek?", "Spoštovana gospa Novak, prosim za sestanek."),
        ("lv", "Vai varat atnākt ceturtdien?", "Godātā Novak kundze, lūdzu tikšanos."),
        ("tr", "Gelebilir misiniz?", "Sayın Novak, toplantı rica ederim."),
        ("nb", "Om De kan komme, blir det hyggelig.", "Ærede fru Novak, jeg ber om et møte."),
    ],
)
def test_the_plural_to_several_people_is_no_courtesy(language, plural, one):
    assert read(plural, language) is POLITE
    assert read(plural, language, BOTH) is UNCLEAR
    assert read(one, language, BOTH) is POLITE
    copied = replace(ALONE, mail=MailFacts(cc=(Mailbox("", "eva@studio.example"),)))
    assert read(plural, language, copied) is UNCLEAR
    room = replace(ALONE, attendees=(*ALONE.attendees, Attendee(Mailbox("", "r@studio.example"), cutype="ROOM")))
    assert read(plural, language, room) is POLITE


def test_quoted_mails_and_signatures_show_nothing():
    quoted = "Vi må bli enige.\n\nOn 3 Nov 2026 Ana wrote:\n> Har du tid?\n> Jeg ringer deg."
    assert read(quoted, "nb") is UNCLEAR
    signed = "Vi må bli enige.\n\n-- \nDin bank, alltid for deg"
    assert read(signed, "nb") is UNCLEAR


@pytest.mark.parametrize("language", ["nb", "sl", "tr", "lv", "fi"])
def test_no_letter_mixes_the_two_forms(language):
    samples = [SAMPLES[name] for name in ("full", "empty", "forwarded", "unsolicited")]
    for letter, sample, formal, taking_back in product(LETTERS, samples, (True, False), (True, False)):
        body = write(letter, language, sample, formal=formal, reason=True, taking_back=taking_back).body
        words = POLITELY if formal else PLAINLY
        assert read(f"{words[language]}. {body}", language) is formal, body
