"""What an engine's DynamoDB lacks for global tables: complete replicas, and items that expire.

`complete` gives a table's replicas their indexes, streams and time to live; `expire` deletes the
items whose time is over, so that the deletions appear in the streams as DynamoDB's own do.
"""

from localaws.dynamodb.expiry import ExpiringTable, expire
from localaws.dynamodb.replicas import complete

__all__ = ["ExpiringTable", "complete", "expire"]
