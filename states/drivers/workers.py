"""Workers: threads that run callables for a driver, made when there is work, never more at work than allowed.

A pool of its own because the one in `concurrent.futures` waits at the end of the process for every callable, also for one that never
returns. These threads are daemons: the process ends when it wants to. A thread whose callable was given up counts no longer, so that
callables that never return use up memory but not the pool.
"""

from __future__ import annotations

import threading
from collections import deque
from queue import SimpleQueue
from typing import Protocol

MOST_WORKERS = 64  #: callables at work at once where nothing else is asked for


class Job(Protocol):
    """Something a worker can do."""

    def perform(self) -> None:
        """Does it; raises nothing."""
        ...


class Workers:
    """At most `limit` jobs at work at once; more of them line up in the order they came."""

    def __init__(self, limit: int | None = None) -> None:
        if limit is not None and limit < 1:
            raise ValueError(f"max_workers must be at least 1, not {limit}")
        self._limit = limit or MOST_WORKERS
        self._lock = threading.Lock()
        self._lined_up: deque[Job] = deque()
        self._at_work: set[Job] = set()
        self._idle = 0  # threads that wait for the next job
        self._handed: SimpleQueue[Job | None] = SimpleQueue()  # one entry for each idle thread that was spoken for
        self._closed = False

    def submit(self, job: Job) -> None:
        """Has a worker do the job as soon as one is free."""
        with self._lock:
            if len(self._at_work) >= self._limit:
                self._lined_up.append(job)
            else:
                self._hand(job)

    def give_up(self, job: Job) -> None:
        """Nobody waits for the job any more: its thread, if one is at it, makes room for another."""
        with self._lock:
            if job not in self._at_work:
                return
            self._at_work.discard(job)
            if self._lined_up:
                self._hand(self._lined_up.popleft())

    def close(self) -> None:
        """Lets the idle threads end, and each of the others after its job; what is lined up is not begun."""
        with self._lock:
            self._closed = True
            self._lined_up.clear()
            for _ in range(self._idle):
                self._handed.put(None)
            self._idle = 0

    def _hand(self, job: Job) -> None:
        """To an idle thread, else to a new one; with the lock held."""
        if self._idle:
            self._idle -= 1
            self._handed.put(job)
        else:
            threading.Thread(target=self._work, args=(job,), name="states-worker", daemon=True).start()
        self._at_work.add(job)

    def _work(self, job: Job | None) -> None:
        while job is not None:
            job.perform()
            job = self._next(job)

    def _next(self, done: Job) -> Job | None:
        """What a thread does after a job; None: it ends."""
        with self._lock:
            self._at_work.discard(done)
            if self._closed or len(self._at_work) + self._idle >= self._limit:
                return None
            if self._lined_up:
                job = self._lined_up.popleft()
                self._at_work.add(job)
                return job
            self._idle += 1
        del done
        return self._handed.get()
