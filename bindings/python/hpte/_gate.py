# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""Who is inside the library for one table.

Any number of threads may be, with two exceptions that the C library leaves to
its host: while a table is replaced or emptied no other thread may be, and a
callback may use only what never waits.  And an exception of a callback has to
find its way past the C code between it and the caller.
"""
import threading
from typing import Optional

from .errors import InsideCallback


class Gate:
    def __init__(self) -> None:
        self._changed = threading.Condition()
        # for each thread inside: the failure of each of its calls, innermost
        # last
        self._inside: dict[int, list[Optional[BaseException]]] = {}
        self._alone: Optional[int] = None

    def enter(self, never_waits: bool) -> None:
        """Begin a call; it waits while another thread must be alone."""
        me = threading.get_ident()
        with self._changed:
            calls = self._inside.get(me)
            if calls is None:
                while self._alone is not None:
                    self._changed.wait()
                calls = self._inside[me] = []
            elif not never_waits:
                raise InsideCallback('a callback may only insert, remove, '
                                     'read, find and promote')
            calls.append(None)

    def leave(self) -> None:
        """End a call, with the exception that a callback of it raised."""
        me = threading.get_ident()
        with self._changed:
            calls = self._inside[me]
            failure = calls.pop()
            if not calls:
                del self._inside[me]
                self._reopen(me)
        if failure is not None:
            raise failure

    def fail(self, failure: BaseException) -> None:
        """A callback of the innermost call raised this; the first counts."""
        with self._changed:
            calls = self._inside[threading.get_ident()]
            if calls[-1] is None:
                calls[-1] = failure

    def stop(self) -> bool:
        """Be alone from now on, if nobody else is inside."""
        me = threading.get_ident()
        with self._changed:
            if any(thread != me for thread in self._inside):
                return False
            self._alone = me
            return True

    def start(self) -> None:
        """Let the others in again."""
        with self._changed:
            self._reopen(threading.get_ident())

    def _reopen(self, me: int) -> None:
        if self._alone == me:
            self._alone = None
            self._changed.notify_all()
