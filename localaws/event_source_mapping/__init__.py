"""Lambda's event source mapping for DynamoDB streams, after the rules that AWS documents.

`shard` is the pure core: it takes records, time and outcomes, and gives commands. `in_memory`
drives it for tests with a virtual clock; `mappings` drives it on the local world, in the place of
the engine's own poller, which loses what a function reported as failed.
"""

from localaws.event_source_mapping.aws import AwsRegion
from localaws.event_source_mapping.filters import FilterError
from localaws.event_source_mapping.mappings import EventSourceMappings
from localaws.event_source_mapping.settings import SettingsError

__all__ = ["AwsRegion", "EventSourceMappings", "FilterError", "SettingsError"]
