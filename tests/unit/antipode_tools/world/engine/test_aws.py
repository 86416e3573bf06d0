from __future__ import annotations

from typing import Any

from antipode_tools.world.engine.aws import Aws

URL = "http://127.0.0.1:4000"


def test_a_client_speaks_to_the_engine_in_its_region_and_keeps_enough_connections() -> None:
    aws = Aws(URL)
    client = aws.session.client("dynamodb", **aws.at("eu-west-1", connections=16))
    assert (client.meta.endpoint_url, client.meta.region_name) == (URL, "eu-west-1")
    pooled: Any = client.meta.config  # its types leave the options out
    assert pooled.max_pool_connections == 16
