"""Findings: why an execution ended as it did, as values. `why` finds it out, `shown` draws it; the other modules each know one thing.

`finding` has the records, `checked` refuses histories that make no sense, `origins` goes from the terminal event back along the causes,
`roots` tells of the visit where they begin, `handlers` says why no retrier and no catcher helped, `expressions` which field failed,
`sights` what its data was, `nested` unfolds causes, `times` tells of time that was up.
"""
