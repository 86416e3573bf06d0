"""Global tables, and what else an engine's DynamoDB lacks: lag, conflicts, cuts, items that expire.

`GlobalTables` replicates tables between the Regions of an engine, by DynamoDB's rules, over a
network that is a function; `complete` makes a table's replicas. `ControlPlane` has a front of the
engine tell of them. `Replication` is the pure core, for whoever brings other tables. `expire`
deletes the items whose time is over, so that the deletions appear in the streams.
"""

from localaws.dynamodb.aws import AwsTables
from localaws.dynamodb.control_plane import ControlPlane
from localaws.dynamodb.expiry import ExpiringTable, expire
from localaws.dynamodb.global_tables import GlobalTables
from localaws.dynamodb.ports import NoSuchTable, Unreachable
from localaws.dynamodb.replica import Apply, Record
from localaws.dynamodb.replicas import complete
from localaws.dynamodb.replication import Network, Replication

__all__ = [
    "Apply",
    "AwsTables",
    "ControlPlane",
    "ExpiringTable",
    "GlobalTables",
    "Network",
    "NoSuchTable",
    "Record",
    "Replication",
    "Unreachable",
    "complete",
    "expire",
]
