"""How gunicorn serves the demonstration: on this machine alone, and saying how to get in.

``python -m twinning.demo`` asks beforehand whether the port can be had; it needs no Django.
"""

import os
import socket
import sys
from typing import Any

HOST = "127.0.0.1"
PORT = os.environ.get("PORT") or "8000"

bind = f"{HOST}:{PORT}"
workers = 2
threads = 4
# One process reads the code, and the greeting below comes only when it could be read.
preload_app = True
loglevel = "warning"
control_socket_disable = True

GREETING = """
  The register       http://{bind}/
  Its data as JSON   http://{bind}/api/v1/
  Staff sign in      http://{bind}/admin/

    editor       records and edits, proposes and drafts
    registrar    signs, suspends, ends and publishes as well
    auditor      sees all, changes nothing
    admin        may do everything

  The password of all four is {password}
  Ctrl-C stops the server.
"""


def when_ready(server: Any) -> None:
    """gunicorn calls this when the address answers."""
    from twinning.management.commands.demo_accounts import PASSWORD

    sys.stdout.write(GREETING.format(bind=bind, password=PASSWORD) + "\n")
    sys.stdout.flush()


def why_not(port: str) -> str | None:
    """Why nothing can be served at this port, with what to do; None when it can be had."""
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
        return f"PORT is {port!r}: write a number from 1 to 65535, as in: make run PORT=8001"
    with socket.socket() as probe:
        # Like the server itself: a connection that lingers from the last run is no hindrance.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(port)))
        except PermissionError:
            return f"Port {port} is not yours to use. Try another: make run PORT=8000"
        except OSError:
            return f"Port {port} is in use by another program. Try: make run PORT={int(port) + 1}"
    return None


if __name__ == "__main__":
    sys.exit(why_not(PORT))
