"""Fencing: text from outside stands between tags it cannot close, and is named as data."""

import re


def fence(tag: str, text: str, **attributes: str) -> str:
    """*text* between `<tag>` and `</tag>`, unable to end the fence itself."""
    named = "".join(f' {name}="{_attribute(value)}"' for name, value in attributes.items())
    inner = re.sub(rf"<(/?)\s*{re.escape(tag)}", rf"< \1{tag}", text.strip(), flags=re.IGNORECASE)
    return f"<{tag}{named}>\n{inner}\n</{tag}>"


def _attribute(value: str) -> str:
    return re.sub(r'[<>"\n]', " ", value)
