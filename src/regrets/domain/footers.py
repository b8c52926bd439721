"""What stands below a letter without being part of it: the name it is signed with, and company notices.

The words of a notice (guarantee, liability, free of charge, complaints) would mislead whoever looks for the meaning
of the letter. It is known by its place, after the name, and where nobody signed, by what such notices are made of:
two of the marks below hardly meet in a paragraph of somebody's own.
"""

from __future__ import annotations

import re

_CERTAIN = re.compile(
    r"intended recipient|legally privileged|registered (?:in|office)\b|views expressed|before printing"
    r"|scanned for viruses"
    r"|e-?mail (?:and any .{0,40} )?(?:is|are) confidential|taushetsbelagt|før du skriver ut|forsinkelsesrente"
    r"|skriver ut (?:det här|detta)|zaupno in namenjeno|izključno naslovnik|pred tiskanjem|zamudne obresti"
    r"|viesti on luottamuksellinen|tulosta turhaan|viivästyskor|pielikumi ir konfidenciāl|pirms (?:drukāš|izdruk)"
    r"|nokavējuma procent|e-posta ve ekleri|yazdırmadan önce|gecikme faizi|çıktı almadan|irrtümlich erhalten"
    r"|vor dem ausdrucken|handelsregister|amtsgericht|reçu ce message par erreur|avant d.imprimer"
    r"|recibido este mensaje por error|rätt mottagare|rette modtager|(?:rett|rette) mottaker",
    re.IGNORECASE,
)
_MARKS = tuple(
    re.compile(mark, re.IGNORECASE)
    for mark in (
        # printing it wastes paper
        r"(?:before|before you|før|pred|pirms|ennen kuin|ennen) .{0,12}(?:print|skriv|tisk|druk|tulost)"
        r"|(?:la være å|ikke|unngå å) skriv\w* ut|ne tiskaj|yazdırma|nedrukā|älä tulosta",
        # for whom it is, what to do where it went astray, and that it is secret
        r"addressee|recipient|mottaker|naslovnik|alıcı|adresāt|saņēmēj|vastaanottaj",
        r"(?:by|in) (?:mistake|error)|ved en feil|feilaktig|pomot[aio]|yanlışlıkla|kļūd(?:as dēļ|aini)|nejauši"
        r"|erehdyks|vahingossa",
        r"\bdelete|destroy|\bslett|\b(?:iz)?briši|zbriš|\bsilin|\b(?:iz)?dzēs|\bpoista|hävit",
        r"confidential|privileged|fortrolig|konfidens|zaupn|\bgizli|konfidenci|luottamuks",
        # what the sender does not answer for
        r"(?:no|not|cannot|don.t|accept|disclaim).{0,20}(?:liab|responsib)|(?:ikke|intet|uten) .{0,12}ansvar"
        r"|ne .{0,14}odgovar|ne .{0,14}odgovorn|sorumlu.{0,14}(?:değil|tutula|kabul)|neatbild|neuzņem"
        r"|(?:emme|ei|eivät) (?:\w+ )?(?:vastaa|vastuu|ota)",
        r"not binding|no contract|not an offer|nothing in (?:it|this)|ikke bindende|zavezujoč|ne zavezuj|bağlayıcı"
        r"|saistības|nav saistoš|sitova|sitoumus",
        r"virus|malware|vīrus|haittaohjel|zararlı yazılım|ondsinnet",
        # the company
        r"compan(?:y|ies) (?:no|number|reg|house)|\breg(?:istration|istered)?\.? ?(?:no|nr|number)"
        r"|vat (?:no|reg|number)"
        r"|org\.? ?nr|orgnr|foretaksreg|\bmva\b|matična|davčna št|id za ddv|osnovni kapital|mersis|vergi (?:no|dair)"
        r"|ticaret sicil|sicil no|reģ\.|reģistrācijas n|pvn (?:reģ|nr)|y-tunnus|alv-?n|kaupparekis|share capital",
        # the terms of trade
        r"guarantee|warrant(?:y|ies)|garanti|garanc|garantij|garantil|takuu",
        r"(?:offer|price|quot|tilbud|pris|ponud|\bcen[ea]|teklif|fiyat|piedāvāj|cenas|tarjou|hinna).{0,50}"
        r"(?:valid|gjeld|velja|geçerli|spēkā|voimassa|change|endr|değiş|main|muut)",
        r"complaint|\breturns\b|reklama|\bklage|pritožb|iade |şikayet|pretenzij|sūdzīb|valituks",
        r"payment (?:terms|due|within)|\bdays net|interest (?:at|of|is)|betalingsfrist|forfall|\brenter\b|rok plačila"
        r"|obresti"
        r"|ödeme (?:vade|süre)|\bfaiz|apmaksas termiņ|samaksas termiņ|maksuehto|\bpv netto|korkolai",
        r"terms (?:and conditions|of (?:sale|business|trade))|(?:salgs|leverings|alminnelige )vilkår|splošn\w+ pogoj"
        r"|genel (?:şart|koşul)|vispārīg\w+ noteikum|yleis\w+ ehdo|toimitusehdo|myyntiehdo",
        # how to reach it
        r"opening hours|office hours|we.re open|open (?:mon|tue|daily|from)|åpningstid|åpent|delovni čas|odpiraln"
        r"|uradne ure"
        r"|çalışma saat|mesai saat|darba laik|atvērts|aukiolo|avoinna|palvelemme",
        r"helpline|hotline|customer (?:service|care)|kundeservice|kundesenter|(?:danışma|destek) hattı|müşteri hizmet"
        r"|klientu (?:apkalp|serv)|asiakaspalvelu|brezplačn\w+ (?:številk|telefon)|bezmaksas (?:tālr|līnij)",
        r"privacy|personvern|gdpr|kvkk|varstv\w+ (?:osebnih )?podatk|privātum|datu aizsardz|tietosuoj|unsubscribe",
    )
)
_AFTERTHOUGHT = re.compile(r"\s*(?:p\.? ?s\b|ps[.:]|n\.? ?b\b|post ?scriptum|not:)", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<![.!?…:)])[.!?…:)]+[\"»”]?\s+(?=\S)")  # a run once, however long
_INITIAL = re.compile(r"(?:^|\s)\w{1,2}\.\s+$")
_LETTER_WORDS = 5  # a name before that many words introduces, it doesn't sign
_SIGNING_WORDS = 7


def is_footer(paragraph: str, last: bool = False) -> bool:
    """Whether a paragraph is a company's notice; in the last one two marks are enough."""
    text = paragraph.replace("\n", " ")
    if _CERTAIN.search(text):
        return True
    if "?" in text:
        return False
    return sum(mark.search(text) is not None for mark in _MARKS) >= (2 if last else 3)


def without_what_follows(paragraphs: list[str], signers: frozenset[str]) -> list[str]:
    """The paragraphs up to the one that is signed with one of the names, and a postscript."""
    words = 0
    for number, paragraph in enumerate(paragraphs):
        before = words
        words += len(paragraph.split())
        if words - before and is_signed(paragraph, signers, before):
            rest = paragraphs[number + 1 :]
            return paragraphs[: number + 1] + [part for part in rest if _AFTERTHOUGHT.match(part)]
    return paragraphs


def is_signed(paragraph: str, signers: frozenset[str], words_before: int = 0) -> bool:
    """Whether a paragraph ends with the sender's name: alone in a line, or behind the last sentence."""
    lines = [line.strip() for line in paragraph.split("\n") if line.strip()]
    for number, line in enumerate(lines):
        last = number == len(lines) - 1
        body, ending = _parted(line) if last else ("", line)
        if words_before + len(body.split()) >= _LETTER_WORDS and _is_name(ending, signers):
            return True
        words_before += len(line.split())
    return False


def _parted(line: str) -> tuple[str, str]:
    """A line before and after its last end of a sentence; initials like `E. Stangeland` stay whole."""
    cut = 0
    for found in _SENTENCE_END.finditer(line):
        if not _INITIAL.search(line[max(0, found.start() - 3) : found.end()]):
            cut = found.end()
    return line[:cut], line[cut:]


def _is_name(ending: str, signers: frozenset[str]) -> bool:
    words = re.findall(r"\w+", ending)
    if not words or len(words) > _SIGNING_WORDS or ending.rstrip().endswith(("?", ",", ":")):
        return False
    if len(words) == 1 and words[0].isupper() and len(words[0]) <= 3:
        return words[0].casefold() in signers
    names = [word.casefold() for word in words if word[:1].isupper()]
    signed = any(_same_name(word, signer) for word in names for signer in signers)
    return signed and len(words) - len(names) <= 4 and not re.search(r"\d{3}", ending)


def _same_name(word: str, signer: str) -> bool:
    """`Jess` signs for Jessica; single letters sign only alone."""
    if min(len(word), len(signer)) < 3:
        return False
    return word.startswith(signer) or signer.startswith(word)


def signers_of(names: list[str], addresses: list[str]) -> frozenset[str]:
    """What a person may sign with: parts of the name and of the address before the @, and initials."""
    found: set[str] = set()
    for name in names:
        parts = [part.casefold() for part in re.findall(r"\w+", name)]
        found.update(part for part in parts if len(part) > 2)
        initials = "".join(part[0] for part in parts)
        found.update(initials[:1] + initials[last : last + 1] for last in range(len(initials)))
        found.update({initials[:1], initials, initials[-2:]} - {""})
    for address in addresses:
        found.update(part.casefold() for part in re.findall(r"[^\W\d_]{3,}", address.partition("@")[0]))
    return frozenset(found)
