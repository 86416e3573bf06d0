"""Publishes again what is undelivered in one Region: in the relay's queue and in Lambda's bucket.

`redriving` holds the rules and `backlog` what they are about; neither knows AWS. `queue`, `bucket`
and `relay_function` speak to it, `target` finds them, and `command` is what an operator runs.
"""
