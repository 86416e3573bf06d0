"""A table that is there."""

from __future__ import annotations

from antipode_tools.operate.adoption.live import LiveTable, Replica

IRELAND, SYDNEY = "eu-west-1", "ap-southeast-2"
TABLE = LiveTable(
    name="antipode-ItemsModel",
    on_demand=True,
    attributes=[
        {"AttributeName": "id", "AttributeType": "S"},
        {"AttributeName": "status", "AttributeType": "S"},
    ],
    keys=[{"AttributeName": "id", "KeyType": "HASH"}],
    stream="NEW_AND_OLD_IMAGES",
    replicas={
        IRELAND: Replica(protected=True, point_in_time_recovery=True),
        SYDNEY: Replica(protected=False, point_in_time_recovery=True, key="mrk-0a1b"),
    },
    indexes=[
        {
            "IndexName": "byStatus",
            "KeySchema": [{"AttributeName": "status", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
    ttl="expiresAt",
    encrypted=True,
)
