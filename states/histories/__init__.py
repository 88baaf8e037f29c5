"""Histories of executions that are over: read in any form AWS gives them, taken apart by place, run again, and compared.

`reading` makes a Recording of a text; `places` says which chain of states each event belongs to; `answers` are what the tasks gave;
`replaying` runs a machine on them and compares; `diffing` compares two recordings.
"""
