"""Paragraphs that a company's mail server or template adds below a letter.

Their words (guarantee, liability, unpaid, complaints) would mislead whoever looks for the meaning of the letter.
Known by set phrases, which no one writes in a letter of their own.
"""

from __future__ import annotations

import re

_PHRASES = (
    # English
    r"intended recipient|legally privileged|registered in (?:england|ireland|scotland|wales)|company (?:no|reg)",
    r"views expressed|before printing|free of (?:them|viruses)|scanned for viruses",
    r"e-?mail (?:and any .{0,40} )?(?:is|are) confidential",
    # Norwegian, Swedish, Danish
    r"rett mottaker|rette mottaker|taushetsbelagt|før du skriver ut|forsinkelsesrente|rätt mottagare|rette modtager",
    r"skriver ut (?:det här|detta) (?:mejl|meddelande)",
    # Slovene
    r"zaupno in namenjeno|izključno naslovnik|prejeli pomotoma|pred tiskanjem|zamudne obresti|varujmo okolje",
    # Finnish
    r"viesti on luottamuksellinen|sait sen vahingossa|tulosta turhaan|viivästyskor|saanut tämän viestin erehdyksessä",
    # Latvian
    r"pielikumi ir konfidenciāl|saņēmāt to kļūdas|pirms drukāšanas|pirms izdruk|nokavējuma procent",
    # Turkish
    r"e-posta ve ekleri|yanlışlıkla (?:size|aldı|ulaş)|yazdırmadan önce|gizli (?:bilgi|olup)|gecikme faizi",
    r"çıktı almadan",
    # German, French, Spanish, Italian
    r"irrtümlich erhalten|vertrauliche informationen|vor dem ausdrucken|handelsregister|amtsgericht",
    r"reçu ce message par erreur|avant d.imprimer|destinatario|recibido este mensaje por error|destinataire",
)
_FOOTER = re.compile("|".join(_PHRASES), re.IGNORECASE)


def is_footer(paragraph: str) -> bool:
    """Whether a paragraph is a legal or environmental notice."""
    return _FOOTER.search(paragraph.replace("\n", " ")) is not None
