"""The code of the Lambda functions: what they share here, and each one's own in its folder."""
