"""The `states` command: arguments, then read, call, show. `states --help` has the manual.

A subcommand is a module of its name: what its help says, `add_arguments`, and `act`, which gives the exit status. What a subcommand is
given is read by `machines`, `inputs`, `tasks` and `histories`, what it says goes through `output`, and `ends` knows how it may end.

Each module imports what it needs inside its functions, because the start of the process counts: rich only where something is drawn, the
real-time driver only when asked for, a user's modules only when a state needs them, and of the subcommands only the one that is called.
"""
