"""What an engine's DynamoDB lacks of global tables: replicas completed, and items that expire.

`complete` gives a table's replicas their indexes, streams and time to live; `expire` deletes the
items whose time is over, as DynamoDB's own deletions appear in a stream.
"""

from localaws.dynamodb.expiry import ExpiringTable, expire
from localaws.dynamodb.replicas import complete

__all__ = ["ExpiringTable", "complete", "expire"]
