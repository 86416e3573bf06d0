"""Which Region the edge sends a viewer to: the routes in its store, read and written.

`routes` is what routes are, `keys` how the store holds them, `problems` what is wrong with them,
`file` reads them from a file, and `changes` finds what differs; none of these knows AWS. `store`
is the store on AWS, `target` finds it, and `command` is what an operator runs.
"""
