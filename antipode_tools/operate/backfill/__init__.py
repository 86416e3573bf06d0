"""Items of a table that cannot be adopted, copied into a model's table.

`deciding.py` says what becomes of one item, `copying.py` copies, `pace.py` and `state.py` are its
speed and where it is; `digests.py` and `verifying.py` compare both tables; `plan.py` says
beforehand what it takes. `dynamodb.py` asks AWS; `command.py` is `antipode backfill`.
"""
