"""Text as plain lower-case letters, however its source wrote them."""

from __future__ import annotations

import unicodedata

# Letters that decomposition leaves alone.
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
    }
)
_SILENT = str.maketrans(
    "",
    "",
    ".'`\N{ACUTE ACCENT}\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
    "\N{MODIFIER LETTER TURNED COMMA}\N{MODIFIER LETTER APOSTROPHE}",
)


def without_accents(text: str) -> str:
    """Return `text` in lower case, its letters without what stands on or through them."""
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def without_apostrophes(text: str) -> str:
    """Return `text` with its full stops and apostrophes taken out, not even a space left."""
    return text.translate(_SILENT)
