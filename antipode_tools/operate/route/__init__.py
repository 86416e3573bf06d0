"""Which Region the edge takes a viewer to: reads and writes the routes in its store.

`routes` says what routes are, `file` reads them from a file, `changes` finds what differs; none of
them knows AWS. `store` speaks to it, `target` finds it, and `command` is what an operator runs.
"""
