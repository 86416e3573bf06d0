"""CloudFront on one machine: a distribution and the functions at its edge.

`function` runs CloudFront Functions and Lambda@Edge functions in quickjs-ng, `events` makes the
events that CloudFront passes to them, and `proxy` is a distribution in front of several Regions.
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
