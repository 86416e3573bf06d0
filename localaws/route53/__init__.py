"""One name for every Region, on one machine: what API Gateway and Route 53 do for template.yaml.

`records` reads the deployed records and health checks, `name_server` chooses as Route 53 does,
`gateway` is a Region's HTTP API, and `shared_name` puts the one name in front of them.
"""

from localaws.route53.name_server import Client, NoRecord, choose
from localaws.route53.records import Routing, routing
from localaws.route53.shared_name import SharedName

__all__ = ["Client", "NoRecord", "Routing", "SharedName", "choose", "routing"]
