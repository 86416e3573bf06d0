"""Tables that are there already, taken into the home Region's stack by CloudFormation's import.

`live.py` holds what is known of a table and makes the template that describes it; `aws.py` asks and
imports; `command.py` is `antipode import`.
"""
