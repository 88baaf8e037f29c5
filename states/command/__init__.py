"""The `states` command: arguments, then read, call, show. `states --help` has the manual.

A subcommand is a module of its name: TEXT for its help, `add_arguments`, and `act`, which gives the exit status. What they are given is read by
`machines`, `inputs`, `tasks` and `histories`; what they say goes through `output`; `ends` knows how a command may end.
"""



