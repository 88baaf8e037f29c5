"""Mocks from histories: what tasks answered on AWS becomes the mocks of a test.

`taken` makes answers of a recording, `redacting` takes secrets out of them, `cases` makes a scenario and plays it, `config` and `writing`
are the forms it is written in; `drift` says where new histories no longer match mocks.
"""
