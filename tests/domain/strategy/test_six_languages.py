"""What texts say in six languages: for each thing one text that says it and one that only uses its words."""

from __future__ import annotations

import pytest

from regrets.domain.strategy.cues.patterns import Cue, joined
from regrets.domain.strategy.cues.reading import Reading

TABLE = [
    # a promise is demanded | a product's own warranty
    (
        "guarantee",
        "en",
        "We want a written guarantee that sales go up.",
        "The dealer's warranty on the press ends in May.",
    ),
    ("guarantee", "nb", "Vi krever en garanti for at salget øker.", "Leverandøren gir fem års garanti på pressen."),
    ("guarantee", "sl", "Zahtevamo garancijo, da bo prodaja zrasla.", "Garancija za stroj poteče maja."),
    (
        "guarantee",
        "tr",
        "Satışların artacağını garanti etmenizi istiyoruz.",
        "Makinenin garanti süresi mayısta doluyor.",
    ),
    (
        "guarantee",
        "lv",
        "Gribam, lai jūs garantējat, ka pārdošana augs.",
        "Ražotāja garantija iekārtai beidzas maijā.",
    ),
    ("guarantee", "fi", "Haluamme takuun siitä, että myynti kasvaa.", "Laitteen takuu päättyy toukokuussa."),
    # without an agenda
    ("agenda", "en", "We have to decide who pays.", "No agenda, we'll see what comes up."),
    ("agenda", "nb", "Vi må bestemme hvem som betaler.", "Ingen agenda, vi ser hva som dukker opp."),
    ("agenda", "sl", "Odločiti moramo, kdo plača.", "Brez dnevnega reda, bomo videli, kaj nanese."),
    ("agenda", "tr", "Kimin ödeyeceğine karar vermeliyiz.", "Belirli bir gündem yok, sohbet ederiz."),
    ("agenda", "lv", "Mums jāizlemj, kas maksā.", "Darba kārtības nav, gan redzēsim."),
    ("agenda", "fi", "Meidän pitää päättää, kuka maksaa.", "Ei esityslistaa, katsotaan mitä tulee."),
    # a third person, who has not asked | who takes part
    (
        "third_person",
        "en",
        "My cousin hasn't asked, but could you look at his books?",
        "My cousin will join us, it is our firm.",
    ),
    (
        "third_person",
        "nb",
        "Broren min vet ikke at jeg skriver til deg.",
        "Broren min og jeg driver butikken sammen.",
    ),
    ("third_person", "sl", "Moja sestra ne ve, da vam pišem.", "Z možem sva solastnika in pride zraven."),
    (
        "third_person",
        "tr",
        "Kardeşimin haberi yok, ona nasıl yardım ederiz?",
        "Eşimle birlikte işletiyoruz, o da katılacak.",
    ),
    ("third_person", "lv", "Mana māsa nezina, ka jums rakstu.", "Ar vīru esam līdzīpašnieki, viņš arī piedalīsies."),
    ("third_person", "fi", "Siskoni ei tiedä, että kirjoitan.", "Pyöritämme liikettä yhdessä, mieheni tulee mukaan."),
    # how the work is done | what it costs
    ("about_the_work", "en", "We go through it chapter by chapter.", "Could we move the payment to March?"),
    ("about_the_work", "nb", "Vi går gjennom kapittel for kapittel.", "Kan vi flytte betalingen til mars?"),
    ("about_the_work", "sl", "Greva skozi poglavje po poglavje.", "Lahko prestavimo plačilo na marec?"),
    ("about_the_work", "tr", "Bölüm bölüm geçelim.", "Ödemeyi marta alabilir miyiz?"),
    ("about_the_work", "lv", "Iziesim nodaļu pēc nodaļas.", "Vai varam pārcelt maksājumu uz martu?"),
    ("about_the_work", "fi", "Mennään kappale kappaleelta eteenpäin.", "Voimmeko siirtää maksun maaliskuulle?"),
    # plainly unrealistic | large, but no wonder
    ("unrealistic", "en", "Two million subscribers by Easter!", "The fund holds two million."),
    ("unrealistic", "nb", "To millioner abonnenter før påske!", "Fondet er på to millioner."),
    ("unrealistic", "sl", "Dva milijona naročnikov do velike noči!", "Sklad ima dva milijona."),
    ("unrealistic", "tr", "Bayrama kadar iki milyon abone!", "Fonun değeri iki milyon."),
    ("unrealistic", "lv", "Divi miljoni abonentu līdz Lieldienām!", "Fondā ir divi miljoni."),
    ("unrealistic", "fi", "Kaksi miljoonaa tilaajaa ennen joulua!", "Rahastossa on kaksi miljoonaa."),
    # recruiters and sellers | clients
    (
        "pitches",
        "en",
        "I recruit for a large studio; the salary is good.",
        "We need somebody for our book. Your offer suits us.",
    ),
    ("pitches", "nb", "Jeg rekrutterer til en ledig stilling.", "Tilbudet ditt er fint, når kan du begynne?"),
    ("pitches", "sl", "Iščemo kandidate za delovno mesto.", "Vaša ponudba nam ustreza, kdaj lahko začnete?"),
    ("pitches", "tr", "Boş bir pozisyon için aday arıyoruz.", "Teklifinizi beğendik, ne zaman başlarsınız?"),
    ("pitches", "lv", "Mums ir vakance, un jūsu profils uzrunāja.", "Jūsu piedāvājums der, kad varat sākt?"),
    ("pitches", "fi", "Rekrytoimme uutta vetäjää.", "Tarjouksenne sopii meille, milloin voitte aloittaa?"),
    # it only informs, and says so
    ("informs", "en", "A walk-through for your information.", "Which of the two do we take?"),
    ("informs", "nb", "En kort gjennomgang, bare til orientering.", "Hvilken av de to tar vi?"),
    ("informs", "sl", "Kratko, samo v vednost.", "Katero od obeh vzamemo?"),
    ("informs", "tr", "Sadece bilginize sunuyorum.", "İkisinden hangisini alalım?"),
    ("informs", "lv", "Īss pārskats, tikai zināšanai.", "Kuru no abiem ņemam?"),
    ("informs", "fi", "Lyhyt katsaus, vain tiedoksi.", "Kumman näistä otamme?"),
]


@pytest.mark.parametrize(
    ("judgement", "language", "says", "merely"), TABLE, ids=[f"{row[0]}-{row[1]}" for row in TABLE]
)
def test_what_is_said_and_what_is_not(judgement: str, language: str, says: str, merely: str) -> None:
    assert getattr(Reading("", says, language), judgement)
    assert not getattr(Reading("", merely, language), judgement)


PRINT = [
    ("en", "Could you print our leaflets?", "The leaflets go to the printer on Friday. Could you choose the cover?"),
    ("nb", "Kan dere trykke brosjyrene våre?", "Brosjyren skal i trykken på fredag. Kan du velge forside?"),
    ("sl", "Bi nam lahko natisnili letake?", "Letak gre v petek v tisk. Bi lahko izbrali naslovnico?"),
    ("tr", "Broşürlerimizi basar mısınız?", "Broşür cuma baskıya giriyor. Kapağı seçer misiniz?"),
    ("lv", "Vai varat mums nodrukāt bukletus?", "Buklets piektdien iet uz tipogrāfiju. Vai varat izvēlēties vāku?"),
    ("fi", "Voisitteko painaa meille esitteen?", "Esite menee perjantaina painoon. Voisitko valita kannen?"),
]


@pytest.mark.parametrize(("language", "asks", "mentions"), PRINT, ids=[row[0] for row in PRINT])
def test_a_trade_is_refused_where_it_is_asked_for(language: str, asks: str, mentions: str) -> None:
    for phrase in ("print production", "trykking", "tisk", "baskı işleri", "drukas darbi", "painaminen"):
        assert Reading("", asks, language).offered_not((phrase,)) == phrase
        assert not Reading("", mentions, language).offered_not((phrase,))


def test_a_price_asked_for_in_the_next_sentence_is_a_request() -> None:
    text = "There should be a good translation of the report that reads well. What would it cost?"
    assert Reading("", text, "en").offered_not(("translation",))
    assert not Reading("", "Somebody else does the translation. We meet on Friday.", "en").offered_not(
        ("translation",)
    )


def test_a_narrower_trade_needs_its_own_word() -> None:
    assert not Reading("", "Could you take photographs of our rooms?", "en").offered_not(("wedding photography",))
    assert Reading("", "Could you take the wedding photographs?", "en").offered_not(("wedding photography",))


def test_lines_broken_by_a_mail_program_are_one_sentence() -> None:
    text = "We have thought about it for a long time and would like you to\nguarantee that the sales go up."
    assert Reading("", text, "en").guarantee


def test_two_patterns_of_one_sentence_and_lists_by_name() -> None:
    lists = {"demand": ["we want", "we need"]}
    cue = Cue.of(["@demand & promise*", "!only joking"], lists)
    assert cue(joined("A promise is what we need."))
    assert not cue(joined("A promise. We need it."))
    assert not cue(joined("We need a promise, only joking."))
