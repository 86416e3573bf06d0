"""IAM: who signs requests, and whether their policies allow it, as an engine evaluates them."""

from localaws.iam.policies import Evaluate, simulator
from localaws.iam.principals import Principal

__all__ = ["Evaluate", "Principal", "simulator"]
