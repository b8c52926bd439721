"""The letters: what is written to the other side, in their language."""

from regrets.domain.letters.frames import formal_by_default
from regrets.domain.letters.library import available_languages
from regrets.domain.letters.values import LetterValues, letter_values
from regrets.domain.letters.writing import Letter, write

__all__ = ["Letter", "LetterValues", "available_languages", "formal_by_default", "letter_values", "write"]
