"""IAM's policies, asked of an engine: `simulator` says whether a principal may call a field."""

from localaws.iam.policies import simulator

__all__ = ["simulator"]
