"""The tables that a localised template declares."""

from __future__ import annotations

from antipode_tools.world.deployment.expansion import Node, Template
from localaws.dynamodb.expiry import ExpiringTable

TABLE_TYPE = "AWS::DynamoDB::GlobalTable"


def wanted_replicas(template: Template) -> dict[str, list[str]]:
    """The Regions in which a localised template asks for a replica, by table."""
    return {
        name: [replica["Region"] for replica in table["Replicas"]]
        for name, table in tables_of(template).items()
    }


def tables_of(template: Template) -> dict[str, Node]:
    """The properties of the tables that a localised template declares, by name."""
    tables = [r["Properties"] for r in template["Resources"].values() if r["Type"] == TABLE_TYPE]
    return {table["TableName"]: table for table in tables}


def table_names(template: Template) -> dict[str, str]:
    """What the tables are called that a localised template declares, by their logical ids."""
    return {
        name: resource["Properties"]["TableName"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == TABLE_TYPE
    }


def expiring_tables(template: Template) -> list[ExpiringTable]:
    """The tables of a localised template that have a time to live."""
    return [
        ExpiringTable(
            name=table["Properties"]["TableName"],
            attribute=table["Metadata"]["TimeToLive"],
            key=tuple(part["AttributeName"] for part in table["Properties"]["KeySchema"]),
        )
        for table in template["Resources"].values()
        if table["Type"] == TABLE_TYPE and "TimeToLive" in table.get("Metadata", {})
    ]
