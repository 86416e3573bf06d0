"""CloudFront on one machine, as far as edge/template.yaml needs it.

`function` runs the functions at the edge in quickjs-ng, `events` writes what CloudFront hands to
them, and `proxy` is a distribution in front of the Regions: for tests, and not part of a world.
"""

from localaws.cloudfront.events import Viewer
from localaws.cloudfront.function import CloudFrontFunction, FunctionError, OriginRequestFunction
from localaws.cloudfront.proxy import Address, Distribution

__all__ = [
    "Address",
    "CloudFrontFunction",
    "Distribution",
    "FunctionError",
    "OriginRequestFunction",
    "Viewer",
]
