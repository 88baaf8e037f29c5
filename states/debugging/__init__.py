"""Debugging: an execution looked at place by place, forwards and backwards, and other futures of it.

`moments` are the places, kept while an execution runs; a `Future` is one execution with what was changed in it; a `Session` has several,
a cursor and stops, and does what `commands` say; `screen` is what there is to see, as plain values. `shown` alone draws. Nothing here
reads a key or writes to a terminal: `states.command.debug` does.
"""
