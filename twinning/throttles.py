"""How often something may be done, counted in the cache that all processes of the server share.

A reader is counted by a keyed hash of the address, so that nobody can read addresses in the cache.
"""

from dataclasses import dataclass
from time import time

from allauth.account.adapter import get_adapter
from allauth.core.internal.ratelimit import truncate_ip
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

EVERYBODY = "everybody"


@dataclass(frozen=True)
class Throttle:
    """At most so many in so many seconds, by a clock that strikes for all at once."""

    name: str
    most: int
    seconds: int

    def wait(self, who: str = EVERYBODY) -> int:
        """Count one more of this reader; the seconds to wait, or 0 where it may be done."""
        turn, gone = divmod(int(time()), self.seconds)
        key = f"throttle:{self.name}:{turn}:{hashed(who)}"
        count = 1 if cache.add(key, 1, timeout=2 * self.seconds) else counted(key)
        return self.seconds - gone if count > self.most else 0


def counted(key: str) -> int:
    try:
        return cache.incr(key)
    except ValueError:  # thrown out of a full cache a moment ago
        return 1


def hashed(who: str) -> str:
    return salted_hmac("twinning.throttles", who, algorithm="sha256").hexdigest()


def address_of(request: HttpRequest) -> str:
    """Of the reader, as far as TRUSTED_PROXIES tell it; of IPv6 the network, which is one house."""
    return truncate_ip(get_adapter().get_client_ip(request))
