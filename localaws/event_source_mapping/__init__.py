"""Lambda's event source mapping for DynamoDB streams, after the rules that AWS documents.

`shard` is the pure core: it takes records, time and outcomes, and gives commands. `in_memory`
drives it for tests with a virtual clock; `mappings` drives it on running services, in the place of
an engine's own poller, which may lose what a function reported as failed.
"""

from localaws.event_source_mapping.aws import AwsRegion
from localaws.event_source_mapping.destinations import Source, metadata, with_payload
from localaws.event_source_mapping.filters import FilterError
from localaws.event_source_mapping.in_memory import InMemoryMapping, Throttled, VirtualClock
from localaws.event_source_mapping.mappings import EventSourceMappings
from localaws.event_source_mapping.messages import Condition, Discard
from localaws.event_source_mapping.settings import Settings, SettingsError
from localaws.pace import Pace

__all__ = [
    "AwsRegion",
    "Condition",
    "Discard",
    "EventSourceMappings",
    "FilterError",
    "InMemoryMapping",
    "Pace",
    "Settings",
    "SettingsError",
    "Source",
    "Throttled",
    "VirtualClock",
    "metadata",
    "with_payload",
]
