"""The stacks of every Region, made or brought to what the project is now, in the right order.

`planning.py` says what comes in which order and `refusals.py` what forbids it, by what stands;
`change_set.py` and `clients.py` say what a change set would do, to resources and to clients. None
of them knows AWS. `running.py` does it, through the adapters beside it.
"""
