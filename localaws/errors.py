"""The errors of the imitated services, under one base.

    LocalAwsError                 everything below
    ├── PortInUse                 another program has the port (`localaws.sockets`)
    ├── appsync
    │   ├── DeploymentError       an API that cannot be served as it is deployed
    │   ├── SchemaError           a schema that AppSync refuses
    │   ├── CodeRefused           resolver code that AppSync would not deploy
    │   ├── InvalidContext        a context for `evaluate_code` that is no JSON object
    │   ├── Unauthenticated       a caller whom the API does not know
    │   ├── RequestRefused        a request that is answered with a status of its own
    │   ├── InvalidDocument       a document that cannot run
    │   └── SubscriptionRefused   a subscription that is answered with an error frame
    ├── dynamodb
    │   ├── NoSuchTable           a table that a Region does not have, or that has no stream
    │   └── Unreachable           a Region's DynamoDB that does not answer, or refuses
    ├── event_source_mapping
    │   ├── SettingsError         a mapping that Lambda would not create, or that is not served here
    │   ├── FilterError           a filter that Lambda would not take
    │   └── Throttled             a handler in memory raises it: Lambda would not have invoked it
    ├── route53
    │   └── NoRecord              a name that no record answers
    └── cloudfront
        └── FunctionError         a function at the edge that failed

Each is defined where it is raised; those that never leave their room are under the base as well.
"""

from __future__ import annotations


class LocalAwsError(Exception):
    """The base of every error that this package defines."""
