"""The harmless test virus, and the scanner that an administrator may have set up."""

import os
import shlex
import signal
import subprocess
import tempfile

from django.utils.translation import gettext as _

from agreements.documents.kinds import Refused

# In two parts, so that no scanner finds it here.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
LONGEST_LINE = 200
SECONDS = 15


def refuse_eicar(data: bytes) -> None:
    if EICAR in data or EICAR.decode().encode("utf-16-le") in data:
        raise Refused(_("The file holds the test virus EICAR."))


def scan(data: bytes, command: str) -> None:
    """Refused unless the command, given the file's path, ends with 0."""
    with tempfile.TemporaryDirectory(prefix="scan-") as folder:
        path = os.path.join(folder, "file")
        with open(path, "xb") as file:
            file.write(data)
        code, output = run(command, path)
    if code:
        line = next(iter(output.strip().splitlines()), "").replace(path, "").strip(" :")
        raise Refused(
            _("The virus scanner refuses the file: %s")
            % (line[:LONGEST_LINE] or _("it gave no reason (exit code %d).") % code)
        )


def run(command: str, path: str) -> tuple[int, str]:
    """The exit code, and the beginning of what was said."""
    with tempfile.TemporaryFile() as said:
        try:
            words = shlex.split(command)
            scanner = subprocess.Popen(  # noqa: S603 - the administrator's own command
                [*words, path],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except (OSError, ValueError, IndexError) as error:
            raise Refused(
                _(
                    "The virus scanner of this site cannot be started, so no file is taken in. "
                    "Tell the administrator: DOCUMENT_SCANNER, %s."
                )
                % (getattr(error, "strerror", None) or error)
            ) from error
        try:
            code = scanner.wait(SECONDS)
        except subprocess.TimeoutExpired:
            raise Refused(
                _("The virus scanner did not finish within %d seconds. Try again later.") % SECONDS
            ) from None
        finally:
            if scanner.poll() is None:
                os.killpg(scanner.pid, signal.SIGKILL)
                scanner.wait()
        said.seek(0)
        return code, said.read(4000).decode(errors="replace")
