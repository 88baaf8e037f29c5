"""Machine, History, Diagnostics -> rich renderables. Nothing here prints: `states.command` does.

`visits` is the plain model of what happened, the other files draw. `rich` is imported only where something is drawn.
"""
