"""Whether the account is ready for a deployment, and what is deployed still is as it should be.

`checks.py` judges and knows no AWS; `aws.py` asks.
"""
