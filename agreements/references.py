"""References: how an agreement is cited, for ever.

They are drawn by lot rather than counted, because a count would tell the public how many
agreements are kept internal. The letters are Crockford's base 32, which leaves out I, L, O and U
so that a reference can be read out on the telephone.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 6
PATTERN = rf"TW-[{ALPHABET}]{{{LENGTH}}}"


def draw() -> str:
    return "TW-" + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
