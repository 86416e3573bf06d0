"""CloudFront on one machine, as far as edge/template.yaml needs it.

`function` runs the functions at the edge in quickjs-ng, `events` writes what CloudFront hands to
them, and `proxy` is a distribution in front of the Regions: for tests, and not part of a world.
"""
