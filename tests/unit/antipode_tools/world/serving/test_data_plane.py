"""Where a Region's data plane is found."""

from __future__ import annotations

from antipode_tools.world.serving.data_plane import Address


def test_an_address_has_every_url_and_name_by_which_clients_come() -> None:
    address = Address(4001)
    assert address.hosts == {"127.0.0.1", "localhost", "127.0.0.1:4001", "localhost:4001"}
    assert address.attributes == {
        "GraphQLUrl": "http://127.0.0.1:4001/graphql",
        "RealtimeUrl": "ws://127.0.0.1:4001/graphql/realtime",
        "GraphQLDns": "127.0.0.1:4001",
        "RealtimeDns": "127.0.0.1:4001",
    }
