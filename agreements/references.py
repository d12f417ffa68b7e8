"""References: how an agreement is cited, for ever.

They are drawn by lot rather than counted, because a count would tell the public how many
agreements are kept internal. The letters are Crockford's base 32, which leaves out I, L, O and U
so that a reference can be read out on the telephone.
"""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 6
PATTERN = rf"TW-[{ALPHABET}]{{{LENGTH}}}"


def draw() -> str:
    return "TW-" + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def meant(text: str) -> tuple[str, str] | None:
    """The first and the last reference that begin as the text does; none where it is no such.

    A range, because a database finds one by the index that references have anyway.
    """
    found = re.fullmatch(rf"TW[- ]?([{ALPHABET}]{{1,{LENGTH}}})", text.upper())
    if found is None:
        return None
    least, most = (f"TW-{found[1]:{filler}<{LENGTH}}" for filler in (ALPHABET[0], ALPHABET[-1]))
    return least, most
