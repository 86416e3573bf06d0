"""Route 53 on one machine: a name that several Regions share.

`records` reads the deployed records and health checks, `name_server` chooses a Region as Route 53
does, and `shared_name` serves the name in front of the Regions' HTTP APIs.
"""

from localaws.route53.name_server import Client, NoRecord, choose
from localaws.route53.records import Routing, routing
from localaws.route53.shared_name import SharedName

__all__ = ["Client", "NoRecord", "Routing", "SharedName", "choose", "routing"]
