"""
What a description says of texts: which are taken, as far as a pattern can say it. No text is refused by that here: the use
case says in a sentence what is wrong with it.
"""

from typing import Any, Final

#: By which somebody sees that there is something: no blank, control or mark of layout.
_UNSEEN: Final = r"\s\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"

#: Controls that lay nothing out, private use, and what never will be a character (`words/characters.py`). What is beyond 16
#: bits no pattern says that all readers of patterns take.
_UNREADABLE: Final = r"\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff"


def seen(most: int) -> dict[str, Any]:
    """Of a text with something to be seen in it; what is no text is taken out of it."""
    return {"pattern": f"[^{_UNSEEN}]", "maxLength": most}


def readable(most: int) -> dict[str, Any]:
    """Of one that is refused where anything in it is no text."""
    any_of_it = f"[^{_UNREADABLE}]*"
    return {"pattern": f"^{any_of_it}[^{_UNSEEN}{_UNREADABLE}]{any_of_it}$", "maxLength": most}
