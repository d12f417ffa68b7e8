"""A stop from the keyboard that is not lost on the way.

Python drops an exception that is raised while it clears an object away. A Ctrl-C that falls into
such a moment would be shown and then forgotten, and the list entered all the same.
"""

import signal
import threading
from types import FrameType, TracebackType
from typing import Any


class Stop:
    """Within it a Ctrl-C raises KeyboardInterrupt at the next ``check``, a second one at once."""

    def __init__(self) -> None:
        self.asked = False
        self.before: Any = None

    def __enter__(self) -> "Stop":
        # Only there can it be listened for, and only there does it arrive.
        if threading.current_thread() is threading.main_thread():
            self.before = signal.signal(signal.SIGINT, self.ask)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.before is not None:
            signal.signal(signal.SIGINT, self.before)

    def ask(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True

    def check(self) -> None:
        if self.asked:
            raise KeyboardInterrupt
