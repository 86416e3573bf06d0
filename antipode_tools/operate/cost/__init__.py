"""What it costs: a month's bill, from numbers or from what CloudWatch measured."""
