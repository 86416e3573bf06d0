"""The way back from a first deployment that failed.

`leftovers.py` holds what can be left and what forbids deleting it, `planning.py` says what comes
next; neither knows AWS. `cloudformation.py`, `dynamodb.py` and `s3.py` do. `running.py` takes the
steps.
"""
