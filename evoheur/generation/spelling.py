"""Characters of replies that look like others, or like nothing.

Chat pages and keyboards of other scripts put them into code, where Python refuses them.
"""

import re

__all__ = ["in_plain_characters", "normalised"]

_INVISIBLE = re.compile(  # what Unicode calls format characters, but for those that show, and variation selectors
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0001\U000e0020-\U000e007f]"
)
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f]")
_CONTROLS = re.compile("[\x01-\x08\x0b\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_LOOKALIKES = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # full-width letters, digits and signs
    **dict.fromkeys(map(ord, "“”„‟″〝〞"), '"'),
    **dict.fromkeys(map(ord, "‘’‚‛′"), "'"),
    **dict.fromkeys(map(ord, "−–—‐‑‒"), "-"),
    **dict.fromkeys(map(ord, "×∗⋅·"), "*"),
    **str.maketrans({"÷": "/", "≤": "<=", "≥": ">=", "≠": "!=", "²": "**2", "³": "**3", "…": "...", "\u3000": " "}),
    **str.maketrans({"。": ".", "、": ",", "【": "[", "】": "]", "「": '"', "」": '"'}),
}


def normalised(text: str) -> str:
    """The text with Unix line ends and plain blanks, and without characters that show nothing.

    Those are byte-order marks, zero-width and soft signs, and marks of direction.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return plain if plain.isascii() else _SPACES.sub(" ", _INVISIBLE.sub("", plain))


def in_plain_characters(code: str) -> str:
    """Code with the signs that Python knows in place of those that look like them.

    Full-width ones, typographic quotes and dashes, signs of mathematics. For text that is no Python as it stands, since it changes strings
    and comments too. Every line stays a line.
    """
    return _CONTROLS.sub(" ", code).translate(_LOOKALIKES)
