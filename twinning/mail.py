"""Sending letters, so that nobody waits for the mail server, or learns from how long it took."""

import logging
from collections.abc import Sequence
from smtplib import SMTPException
from threading import Thread

from django.core.mail import EmailMessage

THREAD = "mail"
logger = logging.getLogger(__name__)


def post(letters: Sequence[EmailMessage]) -> None:
    """Send in a thread of its own, also when there is nothing to send: both take as long.

    A server that stops waits for its threads, so that no letter is lost by that.
    """
    Thread(target=deliver, args=[letters], name=THREAD).start()


def deliver(letters: Sequence[EmailMessage]) -> None:
    for letter in letters:
        try:
            letter.send()
        except (OSError, SMTPException) as error:
            # Whose letter it was, and what the mail server said of it, is for no log.
            logger.error("A letter could not be sent: %s", type(error).__name__)
