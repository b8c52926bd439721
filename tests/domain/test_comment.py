"""The COMMENT is the first sentence after the greeting."""

from __future__ import annotations

import pytest

from regrets.domain.comment import comment_of


@pytest.mark.parametrize(
    ("body", "comment"),
    [
        ("Hello,\n\nThank you. Sadly I can't.\n\nBest regards,\nAna", "Thank you."),
        ("Hei\n\nTakk for invitasjonen. Mandag 9. mars passer ikke.", "Takk for invitasjonen."),
        ("Hei Kari\nMandag 9. mars kl. 14.05 passer ikke. Beklager.", "Mandag 9. mars kl. 14.05 passer ikke."),
        (
            "Pozdravljeni,\n\nhvala za vabilo, žal 9. 3. ob 14.05 ne morem. Lep pozdrav",
            "hvala za vabilo, žal 9. 3. ob 14.05 ne morem.",
        ),
        ("Labdien!\n\nPaldies par uzaicinājumu! Diemžēl nevarēšu.", "Paldies par uzaicinājumu!"),
        ("Hi Marko,\nwould a phone call do?\nI am at +386 1 555 0100.", "would a phone call do?"),
        ("I can't come. Sorry.", "I can't come."),
        ("I can't come", "I can't come"),
        ("Hello,\n\nCould we take one of these:\n- Mon 9:00\n- Tue 9:00", "Could we take one of these:"),
        ("Hello,\n\nDr. Novak speaks for me. Ask her.", "Dr. Novak speaks for me."),
        ("Hello,\n\nline one\nof one sentence. Two.", "line one of one sentence."),
        ("", ""),
        ("\n \n", ""),
    ],
)
def test_first_sentence(body: str, comment: str) -> None:
    assert comment_of(body) == comment


def test_a_long_sentence_is_cut_at_a_word() -> None:
    cut = comment_of("Hello,\n\n" + "word " * 200)
    assert len(cut) <= 300
    assert cut.endswith("word…")
